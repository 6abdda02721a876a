/** Builds the environment of each program. A program gets no secret that it does not need. */
import { baseEnvironment } from "../processes/base-environment.ts";

export interface AppSettings {
  /** The addresses and keys of the stack. */
  readonly stack: Readonly<Record<string, string>>;
  /** The caller's variables, such as LOG_LEVEL. The stack's variables override them. */
  readonly caller: Readonly<Record<string, string | undefined>>;
  /** Overrides everything, for tests. */
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * As in the image. Text that passes through is short-lived, and with the 16 MiB that Node gives new
 * objects by default, collecting them takes a tenth of the processor time of a chunk.
 */
export const APP_NODE_OPTIONS = "--max-semi-space-size=32";

/** Defaults for one machine. The caller's variables override them. */
const LOCAL_DEFAULTS = {
  NODE_OPTIONS: APP_NODE_OPTIONS,
  // Ctrl-C should not take half a minute. Interrupted runs continue after the next start.
  WORKER_DRAIN_MS: "5000",
};

/** The API acts as its callers under row-level security and holds no key that bypasses it. */
const NOT_FOR_API = [
  "SUPABASE_SECRET_KEY",
  "LOVABLE_API_KEY",
  "AI_GATEWAY_API_KEY",
  "AI_GATEWAY_HEADERS",
];
/** Only the API verifies callers' tokens. */
const NOT_FOR_WORKERS = ["SUPABASE_JWT_SECRET"];

export function toApiEnvironment(settings: AppSettings): Record<string, string> {
  return without(NOT_FOR_API, merge(settings));
}

export function toWorkerEnvironment(settings: AppSettings): Record<string, string> {
  return without(NOT_FOR_WORKERS, merge(settings));
}

/** The demo gateway gets only its own variables, all named DEMO_…. */
export function toGatewayEnvironment({ caller, extra }: AppSettings, key: string) {
  const own = Object.entries({ ...caller, ...extra }).filter(([name]) => name.startsWith("DEMO_"));
  return { ...baseEnvironment(), ...present(Object.fromEntries(own)), DEMO_GATEWAY_KEY: key };
}

function merge({ stack, caller, extra }: AppSettings): Record<string, string> {
  return { ...baseEnvironment(), ...LOCAL_DEFAULTS, ...present(caller), ...stack, ...extra };
}

function present(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set = Object.entries(variables).filter((pair): pair is [string, string] =>
    Boolean(pair[1]),
  );
  return Object.fromEntries(set);
}

function without(
  names: readonly string[],
  variables: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.includes(name)));
}

/** What the API and the workers are given: each the variables of its own, and no other's secrets. */
import { baseEnvironment } from "../processes/base-environment.ts";

export interface AppSettings {
  /** Everything an app may need of the stack. */
  readonly stack: Readonly<Record<string, string>>;
  /** The caller's own variables, such as LOG_LEVEL; those of the stack win over them. */
  readonly caller: Readonly<Record<string, string | undefined>>;
  /** Wins over everything, for tests. */
  readonly extra: Readonly<Record<string, string>>;
}

/** What suits one machine better than the apps' own defaults; the caller's variables win. */
const LOCAL_DEFAULTS = {
  // Nobody waits half a minute for a Ctrl-C; what is cut short is run again after the next start.
  WORKER_DRAIN_MS: "5000",
};

/** The API acts as its callers, under row level security: it holds no key that could do more. */
const NOT_FOR_API = [
  "SUPABASE_SECRET_KEY",
  "LOVABLE_API_KEY",
  "AI_GATEWAY_API_KEY",
  "AI_GATEWAY_HEADERS",
];
/** Only who verifies callers' tokens needs what they are signed with. */
const NOT_FOR_WORKERS = ["SUPABASE_JWT_SECRET"];

export function toApiEnvironment(settings: AppSettings): Record<string, string> {
  return without(NOT_FOR_API, merge(settings));
}

export function toWorkerEnvironment(settings: AppSettings): Record<string, string> {
  return without(NOT_FOR_WORKERS, merge(settings));
}

/** The demo gateway knows nothing of the stack: its own variables, all named DEMO_…, suffice. */
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

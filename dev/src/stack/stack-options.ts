/** The options of a local stack, and its parts. */
import type { Environment } from "./external-parts.ts";

const ANY = "1000000000";

/** For stacks in which many runs of one tenant are ordinary: tests and measurements. */
export const WITHOUT_LIMITS = {
  max_queued: ANY,
  runs_per_minute: ANY,
  runs_per_hour: ANY,
  runs_per_day: ANY,
  user_runs_per_minute: ANY,
  user_runs_per_hour: ANY,
  user_runs_per_day: ANY,
  max_streams: ANY,
  max_user_streams: ANY,
} as const;

/** For stacks in which runs ask for failures of the gateway that are not to concern each other. */
export const WITHOUT_LANES = { GATEWAY_LANES: "off" } as const;

export interface StackOptions {
  /** The folder for data, keys and logs. Default: a temporary folder, which `stop` removes. */
  readonly dataDir?: string;
  /** `preferred`: the well-known ports if they are free. `free`: ports that the system chooses. */
  readonly ports: "preferred" | "free";
  readonly environment: Environment;
  readonly apps: { readonly api: number; readonly workers: number; readonly watch?: boolean };
  readonly seed: boolean;
  /** Overrides all other variables of the API, the workers and the gateway. */
  readonly appEnvironment?: Readonly<Record<string, string>>;
  /** Columns of `private.run_policy`, such as `{ lease: "2 seconds" }`. */
  readonly runPolicy?: Readonly<Record<string, string>>;
  /** Columns of the row of defaults in `private.tenant_limits`. */
  readonly tenantLimits?: Readonly<Record<string, string>>;
  /** Receives every line of output. The supervisor's own lines have the name "stack". */
  readonly onLine: (name: string, line: string) => void;
  /** Cancels a start in progress. */
  readonly signal?: AbortSignal;
}

export interface StackParts {
  /** All variables of the apps. Each app gets a part of them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Null for an external project that signs with its own key pair. */
  readonly jwtSecret: string | null;
  /** Null for an external project, of which only the API is known. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string;
  /** Null if only a key is given: the worker's default is used. */
  readonly gatewayUrl: string | null;
  readonly isDemoGateway: boolean;
  /** One URL for each API process. */
  readonly apiUrls: readonly string[];
}

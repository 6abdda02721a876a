/** What a local stack is started with, and what it consists of. */
import type { Environment } from "./external-parts.ts";

export interface StackOptions {
  /** Where data, keys and logs are kept. Absent: a temporary folder, removed by `stop`. */
  readonly dataDir?: string;
  /** The well-known ports where they are free, or whichever are. */
  readonly ports: "preferred" | "free";
  readonly environment: Environment;
  readonly apps: { readonly api: number; readonly workers: number; readonly watch?: boolean };
  readonly seed: boolean;
  /** Given to the API, the workers and the gateway on top of everything else. */
  readonly appEnvironment?: Readonly<Record<string, string>>;
  /** Columns of `private.run_policy`, such as `{ lease: "2 seconds" }`. */
  readonly runPolicy?: Readonly<Record<string, string>>;
  /** Everything that is said: by a process under its own name, by the supervisor as "stack". */
  readonly onLine: (name: string, line: string) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
}

export interface StackParts {
  /** What an app needs, complete: each app is given its own part of it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Null for a project of the caller's that signs with its own key pair. */
  readonly jwtSecret: string | null;
  /** Null for a project of the caller's: only its API is known. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string;
  /** Null where only a key is given: the worker's own default. */
  readonly gatewayUrl: string | null;
  readonly isDemoGateway: boolean;
  /** One address for each API process. */
  readonly apiUrls: readonly string[];
}

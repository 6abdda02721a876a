/** What a test asks for with `inject("stack")`: the running stack as plain data. */
export interface TestStack {
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly jwtSecret: string;
  /** As the superuser, for what tests arrange and look up. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly gatewayUrl: string;
  /** One address for each API process; empty in the integration tier. */
  readonly apiUrls: readonly string[];
  /** JSON: a list of `{name, pid}`, current also after restarts. */
  readonly processFile: string;
  readonly environment: Readonly<Record<string, string>>;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly stack: TestStack;
  }
}

/** Decides everything about a stack before its first process starts. */
import { join } from "node:path";
import { toDatabaseUrl } from "../postgres/start-postgres.ts";
import { LOOPBACK } from "../processes/ports.ts";
import type { ServiceLogs } from "../processes/service-logs.ts";
import type { Supervisor } from "../processes/supervisor.ts";
import type { AppSettings } from "./app-environment.ts";
import type { DataFolder } from "./data-folder.ts";
import { type ExternalParts, findExternalParts } from "./external-parts.ts";
import { type Keys, readOrCreateKeys } from "./keys.ts";
import type { StackOptions, StackParts } from "./stack-options.ts";
import { findStackPorts, type StackPorts } from "./stack-ports.ts";

export interface Start {
  readonly options: StackOptions;
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly logs: ServiceLogs;
  readonly say: (name: string, line: string) => void;
}

export interface Plan extends Start {
  readonly keys: Keys;
  readonly ports: StackPorts;
  readonly external: ExternalParts;
  readonly parts: StackParts;
  readonly apps: AppSettings;
}

export async function makePlan(start: Start): Promise<Plan> {
  const { options, folder } = start;
  const external = findExternalParts(options.environment);
  const keys = readOrCreateKeys(join(folder.path, "keys.json"));
  const ports = await findStackPorts(options.ports, options.apps.api);
  const parts = describeParts(keys, ports, external);
  const apps = {
    stack: parts.environment,
    caller: options.environment,
    extra: options.appEnvironment ?? {},
  };
  return { ...start, keys, ports, external, parts, apps };
}

function describeParts(keys: Keys, ports: StackPorts, external: ExternalParts): StackParts {
  const supabase = external.supabase ?? { url: toUrl(ports.supabase), ...keys };
  const { publishableKey, secretKey, jwtSecret } = supabase;
  const redisUrl = external.redisUrl ?? `redis://${LOOPBACK}:${ports.redis}`;
  const gateway = external.gateway ?? { url: `${toUrl(ports.gateway)}/v1`, key: keys.gatewayKey };
  return {
    supabaseUrl: supabase.url,
    publishableKey,
    secretKey,
    jwtSecret,
    databaseUrl: external.supabase ? null : toDatabaseUrl(ports.postgres, keys.postgresPassword),
    redisUrl,
    gatewayUrl: gateway.url,
    isDemoGateway: external.gateway === null,
    apiUrls: ports.api.map(toUrl),
    environment: {
      SUPABASE_URL: supabase.url,
      SUPABASE_PUBLISHABLE_KEY: publishableKey,
      SUPABASE_SECRET_KEY: secretKey,
      ...(jwtSecret ? { SUPABASE_JWT_SECRET: jwtSecret } : {}),
      REDIS_URL: redisUrl,
      ...(gateway.url ? { AI_GATEWAY_URL: gateway.url } : {}),
      LOVABLE_API_KEY: gateway.key,
    },
  };
}

function toUrl(port: number): string {
  return `http://${LOOPBACK}:${port}`;
}

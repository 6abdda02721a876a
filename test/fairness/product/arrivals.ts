/** How runs arrive: a flood through the public function, quiet tenants through the API. */
import { setTimeout as delay } from "node:timers/promises";
import { newRunId } from "@cmo/shared/runtime";
import type { Random } from "../../faults/random.ts";
import { signToken } from "../../support/token.ts";
import type { Connection } from "../connection.ts";
import type { FairTenant } from "../tenants.ts";
import type { Product } from "./open-product.ts";
import { toInput } from "./simulated-gateway.ts";

const BATCH = 200;
const CREATE = `select count(public.create_run(
    p_id => i.id, p_mode => 'setup', p_input => i.input, p_workspace_id => $1)) as created
  from unnest($2::uuid[], $3::jsonb[]) as i (id, input)`;

/** As a user who calls the function with the public key, a batch at a time. */
export async function createRuns(
  connection: Connection,
  { name, ownerId, workspaceId }: FairTenant,
  lengthsMs: readonly number[],
): Promise<void> {
  for (let start = 0; start < lengthsMs.length; start += BATCH) {
    const inputs = lengthsMs
      .slice(start, start + BATCH)
      .map((ms) => JSON.stringify(toInput(ms, name)));
    const ids = inputs.map(() => newRunId());
    await connection.queryAs(ownerId, CREATE, [workspaceId, ids, inputs]);
  }
}

export function mixedLengths(random: Random, count: number, of: readonly number[]): number[] {
  return Array.from({ length: count }, () => random.pick(of));
}

export interface Arrival {
  readonly tenant: FairTenant;
  readonly client: string;
  readonly atMs: number;
  readonly lengthMs: number;
}

const ANSWER_WITHIN_MS = 60_000;

/** Sends each at its time and resolves when all were accepted. */
export async function submitAll(product: Product, arrivals: readonly Arrival[]): Promise<void> {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = ({ ownerId }: FairTenant): Promise<string> => {
    const token = tokens.get(ownerId) ?? signToken(product.jwtSecret, { sub: ownerId });
    tokens.set(ownerId, token);
    return token;
  };
  await Promise.all(
    arrivals.map(async ({ atMs, ...arrival }) => {
      const token = await tokenOf(arrival.tenant);
      await delay(atMs);
      await submit(product, { ...arrival, token });
    }),
  );
}

interface Submit extends Omit<Arrival, "atMs"> {
  readonly token: string;
}

async function submit(
  { apiUrl }: Product,
  { tenant, client, token, lengthMs }: Submit,
): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      mode: "setup",
      workspace_id: tenant.workspaceId,
      payload: toInput(lengthMs, client),
    }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`A submit was answered with ${response.status}: ${text}`);
}

/**
 * `npm run test:limits`: submits far more at once than a tenant may, by the API and past it, and
 * checks that exactly as much is accepted, that every refusal is well-formed, and that another tenant
 * notices nothing.
 */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { type Stack, startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { Client } from "pg";
import { isUsageError, readCount } from "../faults/usage-error.ts";
import { type Limits, limitTenant } from "../support/limits.ts";
import { placeTenant, placeUser } from "../support/tenancy.ts";
import { signToken } from "../support/token.ts";
import { findFlaw } from "./check-refusal.ts";
import { type Addresses, type Flood, flood, isAccepted, type Sender, type Way } from "./flood.ts";

/** What a machine that does other things adds. */
const MOST_RATIO = 1.5;

const USAGE = `Submits more at once than a tenant may, and counts what is accepted.

  npm run test:limits -- [options]

  --requests N   how many of each kind (1000)
  --at-once N    how many of them are under way at a time (1000)
  --limit N      how many of them are allowed (100)
  --rounds N     how often the latency of another tenant is compared (3)

The other tenant is measured beside as many submissions that are refused before limits are counted, in
turn: its p99 beside the refusals for limits over that. The machine's own load is in both.

Exit code 1 when more or fewer are accepted, a refusal is malformed, another tenant is refused, or the
median of its ratios is above ${MOST_RATIO}.
`;

interface Options {
  readonly requests: number;
  readonly atOnce: number;
  readonly limit: number;
  readonly rounds: number;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      requests: { type: "string", default: "1000" },
      "at-once": { type: "string", default: "1000" },
      limit: { type: "string", default: "100" },
      rounds: { type: "string", default: "3" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return null;
  }
  return {
    requests: readCount("requests", values.requests),
    atOnce: readCount("at-once", values["at-once"]),
    limit: readCount("limit", values.limit),
    rounds: readCount("rounds", values.rounds),
  };
}

interface World {
  readonly addresses: Addresses;
  readonly other: Sender;
  createTenant(limits: Limits): Promise<Sender>;
}

async function createWorld(stack: Stack, client: Client): Promise<World> {
  const { jwtSecret, supabaseUrl, publishableKey } = stack;
  const [apiUrl] = stack.apiUrls;
  if (jwtSecret === null || apiUrl === undefined) throw new Error("The stack has no API.");
  const execute = async (sql: string, values: readonly unknown[]) => client.query(sql, [...values]);
  const createTenant = async (limits: Limits): Promise<Sender> => {
    const ownerId = await placeUser(execute);
    const { tenantId, workspaceId } = await placeTenant(execute, { ownerId });
    await limitTenant(execute, tenantId, limits);
    return { workspaceId, token: await signToken(jwtSecret, { sub: ownerId }) };
  };
  const other = await createTenant({});
  return { addresses: { apiUrl, supabaseUrl, publishableKey }, other, createTenant };
}

const WAYS: readonly (readonly [string, (index: number) => Way])[] = [
  ["by the API", () => "api"],
  ["by the function", () => "rpc"],
  ["by both", (index) => (index % 2 ? "api" : "rpc")],
];

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;
}

/** Prints one line; returns whether all was as it should be. */
function report(what: string, { submissions, forMs, refusedOthers }: Flood, limit: number) {
  const accepted = submissions.filter(isAccepted).length;
  const refused = submissions.filter((one) => !isAccepted(one));
  const flaws = refused.flatMap(({ by, answer }) => findFlaw(by, answer) ?? []);
  const again = submissions.filter(({ calls }) => calls > 1).length;
  const isRight = accepted === limit && flaws.length === 0 && refusedOthers === 0;
  console.log(
    `${isRight ? "ok  " : "BAD "} ${what}: ${accepted} accepted of ${submissions.length} (limit ${limit}), ${refused.length} refused, ${flaws.length} malformed, ${again} sent again after an outage, in ${(forMs / 1000).toFixed(1)} s`,
  );
  for (const flaw of new Set(flaws)) console.log(`       ${flaw}`);
  if (refusedOthers > 0) console.log(`       ${refusedOthers} of another tenant were refused`);
  return isRight;
}

/** Every limit, in every way. A day does not end in the middle, and no worker empties the queue. */
async function countAccepted(world: World, { requests, atOnce, limit }: Options): Promise<boolean> {
  const { addresses, other } = world;
  let isRight = true;
  for (const column of ["runs_per_day", "user_runs_per_day", "max_queued"]) {
    for (const [name, way] of WAYS) {
      const sender = await world.createTenant({ [column]: limit });
      const wanted = Array.from({ length: requests }, (_, index) => ({ by: way(index) }));
      const seen = await flood(addresses, { sender, other }, { wanted, atOnce });
      isRight = report(`${column} ${name}`, seen, limit) && isRight;
    }
  }
  return isRight;
}

async function compareLatency(
  world: World,
  { requests, atOnce, rounds }: Options,
): Promise<boolean> {
  const { addresses, other } = world;
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const sender = await world.createTenant({ runs_per_day: 0 });
    const at = async (planId?: string) => {
      const one = planId === undefined ? {} : { planId };
      const wanted = Array.from({ length: requests }, () => ({ by: "api", ...one }) as const);
      const seen = await flood(addresses, { sender, other }, { wanted, atOnce });
      return p99(seen.latencies);
    };
    const [control, limited] = [await at(randomUUID()), await at()];
    ratios.push(limited / control);
    console.log(
      `     round ${round}: another tenant's p99 ${limited.toFixed(0)} ms beside refusals for limits, ${control.toFixed(0)} ms beside others`,
    );
  }
  const median = ratios.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? Number.NaN;
  const isRight = median <= MOST_RATIO;
  console.log(
    `${isRight ? "ok  " : "BAD "} another tenant's p99: ${median.toFixed(2)} times (at most ${MOST_RATIO})`,
  );
  return isRight;
}

async function main(options: Options): Promise<number> {
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not be used.
    environment: {},
    apps: { api: 1, workers: 0 },
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    onLine: () => {},
  });
  const client = new Client({ connectionString: stack.databaseUrl ?? "" });
  try {
    await client.connect();
    const world = await createWorld(stack, client);
    const isExact = await countAccepted(world, options);
    const isUnnoticed = await compareLatency(world, options);
    return isExact && isUnnoticed ? 0 : 1;
  } finally {
    await client.end();
    await stack.stop();
  }
}

try {
  const options = readOptions();
  if (options) process.exitCode = await main(options);
} catch (error) {
  if (!isUsageError(error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

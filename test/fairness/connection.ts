/**
 * One connection to the ledger's database that can be anybody: the superuser who arranges, a user, or a
 * worker with the service key. Each call is a transaction of its own, as PostgREST makes them.
 */
import { newRunId } from "@cmo/shared/runtime";
import { Client, escapeIdentifier } from "pg";
import { z } from "zod";

type Args = Readonly<Record<string, unknown>>;

export interface Connection {
  /** As the superuser. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** A function of the ledger, as a worker calls it. */
  asWorker(name: string, args: Args): Promise<unknown>;
  /** A function of the ledger, as this user calls it. */
  asUser(userId: string, name: string, args: Args): Promise<unknown>;
  /** Any statement as this user. */
  queryAs(userId: string, sql: string, values: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

const SUPERUSER = "none";
const BECOME =
  "select set_config('role', $1, false), set_config('request.jwt.claims', $2, false), set_config('request.jwt.claim.sub', $3, false)";

export async function connect(databaseUrl: string): Promise<Connection> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  let current = "";
  let last: Promise<unknown> = Promise.resolve();

  /** Nobody becomes somebody else between another call and the statement that it belongs to. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => {
      // Its caller gets the error.
    });
    return result;
  }

  async function become(role: string, userId: string): Promise<void> {
    if (current === role + userId) return;
    const claims = userId === "" ? { role } : { role, sub: userId };
    await client.query({ name: "become", text: BECOME }, [role, JSON.stringify(claims), userId]);
    current = role + userId;
  }
  async function run(text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> {
    return (await client.query<Record<string, unknown>>({ name: nameOf(text), text }, [...values]))
      .rows;
  }
  async function call(name: string, args: Args): Promise<unknown> {
    const named = Object.keys(args).map((key, i) => `${escapeIdentifier(key)} => $${i + 1}`);
    const text = `select public.${escapeIdentifier(name)}(${named.join(", ")}) as result`;
    return (await run(text, Object.values(args)))[0]?.["result"];
  }

  const as = <Result>(role: string, userId: string, work: () => Promise<Result>) =>
    inTurn(async () => {
      await become(role, userId);
      return work();
    });

  return {
    query: (sql, values = []) =>
      as(SUPERUSER, "", async () => {
        return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
      }),
    asWorker: (name, args) => as("service_role", "", () => call(name, args)),
    asUser: (userId, name, args) => as("authenticated", userId, () => call(name, args)),
    queryAs: (userId, sql, values) => as("authenticated", userId, () => run(sql, values)),
    close: () => client.end(),
  };
}

/** Statements are prepared once, as a pool of a server does. A name has at most 63 bytes. */
const names = new Map<string, string>();
function nameOf(text: string): string {
  const name = names.get(text) ?? `statement_${names.size + 1}`;
  names.set(text, name);
  return name;
}

const claimSchema = z.union([
  z.object({
    kind: z.literal("claimed"),
    run: z.object({
      id: z.string(),
      attempt: z.int(),
      tenant_id: z.string(),
      input: z.record(z.string(), z.unknown()),
    }),
  }),
  z.object({ kind: z.enum(["empty", "again", "paused", "worker_lost"]) }),
]);

export type Claim = z.infer<typeof claimSchema>;
export type Claimed = Extract<Claim, { kind: "claimed" }>["run"];

/** Of all tenants, or of these alone. */
export async function claimNext(
  connection: Connection,
  workerId: string,
  tenants: readonly string[] | null = null,
): Promise<Claim> {
  const args = { p_worker_id: workerId, p_tenants: tenants };
  return claimSchema.parse(await connection.asWorker("claim_next", args));
}

/** Asks until there is a run or nobody waits. */
export async function claimOrEmpty(
  connection: Connection,
  workerId: string,
  tenants: readonly string[] | null = null,
): Promise<Claimed | null> {
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    const claim = await claimNext(connection, workerId, tenants);
    if (claim.kind === "claimed") return claim.run;
    if (claim.kind === "empty") return null;
    if (claim.kind !== "again") throw new Error(`The claim was answered with ${claim.kind}.`);
  }
  throw new Error(`The claim answered ${MOST_ASKED} times that it should be asked again.`);
}

/** Each answer marks one tenant as capped or as not waiting, so that the number of tenants bounds them. */
const MOST_ASKED = 25_000;

export function finalize(
  connection: Connection,
  { id, attempt }: Pick<Claimed, "id" | "attempt">,
): Promise<unknown> {
  const args = { p_run_id: id, p_attempt: attempt, p_result: { status: "completed" } };
  return connection.asWorker("finalize_run", args);
}

const INTERVIEW = "setup";

export async function createRun(
  connection: Connection,
  { ownerId, workspaceId }: { readonly ownerId: string; readonly workspaceId: string },
  input: Args,
): Promise<string> {
  const id = newRunId();
  const args = { p_id: id, p_mode: INTERVIEW, p_input: input, p_workspace_id: workspaceId };
  await connection.asUser(ownerId, "create_run", args);
  return id;
}

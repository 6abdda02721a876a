/**
 * Takes the steps of an adoption, and takes them back. Each is a transaction that also records itself,
 * so that an adoption that was stopped anywhere goes on where it stood, in both directions.
 */
import { Client, DatabaseError } from "pg";
import { type Adoption, hashOf, type Remark, type Step } from "./step.ts";

/** Two adoptions of one database at once would both find the same things missing. */
const LOCK = "select pg_try_advisory_lock(hashtext('cmo-kernel adoption')) as is_free";
const BRIEF = "set local lock_timeout = '15s'";

export class AdoptionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AdoptionError";
  }
}

export async function withDatabase<Result>(
  url: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url });
  // A connection that is lost between two queries must not end the process without a word.
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

export async function lockProject(client: Client): Promise<void> {
  const { rows } = await client.query<{ is_free: boolean }>(LOCK);
  if (rows[0]?.is_free !== true)
    throw new AdoptionError("Another adoption of this database is running. Wait for it to end.");
}

/** Returns what could not be done because of the rows that are there. */
export async function takeSteps(
  client: Client,
  { steps }: Adoption,
  say: (line: string) => void,
): Promise<Remark[]> {
  await openRecord(client);
  const remarks: Remark[] = [];
  const due = steps.filter(({ state }) => state !== "there");
  for (const [index, step] of due.entries()) {
    const refusal = await takeStep(client, step);
    say(`${index + 1}/${due.length} ${refusal === null ? "done" : "left"}: ${step.id}`);
    if (refusal !== null)
      remarks.push({ about: step.id, sentence: `${step.otherwise} (${refusal})` });
  }
  return remarks;
}

async function openRecord(client: Client): Promise<void> {
  await inTransaction(client, async () => {
    const { rowCount } = await client.query("select from pg_namespace where nspname = 'private'");
    if (!rowCount) await client.query("create schema private");
    await client.query(
      `create table if not exists private.adoption (
         number integer generated always as identity primary key,
         step text not null unique,
         hash text not null,
         undo text,
         taken_at timestamptz not null default now()
       )`,
    );
    await client.query("alter table private.adoption enable row level security");
    await client.query(
      "revoke all on private.adoption from public, anon, authenticated, service_role",
    );
    if (!rowCount) await record(client, { id: SCHEMA, state: "missing", sql: [], undo: null });
  });
}

const SCHEMA = "schema private";

async function record(client: Client, step: Step): Promise<void> {
  await client.query(
    `insert into private.adoption (step, hash, undo) values ($1, $2, $3)
     on conflict (step) do update set hash = excluded.hash`,
    [step.id, hashOf(step), step.undo],
  );
}

/** The reason of the refusal, when the step may be refused. */
async function takeStep(client: Client, step: Step): Promise<string | null> {
  try {
    await inTransaction(client, async () => {
      for (const sql of step.sql) await client.query(sql);
      await record(client, step);
    });
    return null;
  } catch (error) {
    if (step.otherwise !== undefined && isAboutRows(error)) return error.message;
    throw failedAt(step.id, error);
  }
}

/** Class 23: integrity constraint violation. */
const isAboutRows = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code?.startsWith("23") === true;

function failedAt(step: string, cause: unknown): AdoptionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AdoptionError(
    `It stopped at "${step}": ${reason}. What was done before stays done. Mend the cause and run it again.`,
    { cause },
  );
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await client.query(BRIEF);
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

export interface WayBack {
  /** Rows in tables of ours, which would go with them, by table. */
  readonly rows: ReadonlyMap<string, number>;
  readonly steps: readonly { readonly step: string; readonly undo: string | null }[];
}

export async function readWayBack(client: Client): Promise<WayBack> {
  const here = await client.query("select to_regclass('private.adoption') is not null as is_here");
  if (here.rows[0]?.is_here !== true) return { rows: new Map(), steps: [] };
  const { rows: steps } = await client.query<{ step: string; undo: string | null }>(
    "select step, undo from private.adoption order by number desc",
  );
  const rows = new Map<string, number>();
  for (const { step } of steps) {
    const table = /^table (public\.\w+)$/.exec(step)?.[1];
    if (table === undefined) continue;
    const { rows: counted } = await client.query<{ count: number }>(
      `select count(*)::integer as count from ${table}`,
    );
    if (counted[0] && counted[0].count > 0) rows.set(table, counted[0].count);
  }
  return { rows, steps };
}

export async function takeBack(
  client: Client,
  { steps }: WayBack,
  say: (line: string) => void,
): Promise<void> {
  const due = steps.filter(({ step }) => step !== SCHEMA);
  for (const [index, { step, undo }] of due.entries()) {
    await inTransaction(client, async () => {
      if (undo !== null) await client.query(undo);
      await client.query("delete from private.adoption where step = $1", [step]);
    }).catch((error: unknown) => {
      throw failedAt(step, error);
    });
    say(`${index + 1}/${due.length} taken back: ${step}`);
  }
  if (steps.length === 0) return;
  await inTransaction(client, async () => {
    await client.query("drop table private.adoption");
    if (steps.length > due.length) await client.query("drop schema private");
  });
}

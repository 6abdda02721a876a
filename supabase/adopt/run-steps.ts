/**
 * Takes the steps of an adoption, and takes them back. Each is a transaction that also records itself,
 * so that an adoption that was stopped anywhere goes on where it stood, in both directions.
 */
import { type Client, DatabaseError } from "pg";
import { AdoptionError } from "./connect.ts";
import { type Adoption, hashOf, type Remark, type Step } from "./step.ts";

/** Two adoptions of one database at once would both find the same things missing. */
const LOCK = "select pg_try_advisory_lock(hashtext('cmo-kernel adoption')) as is_free";
const BRIEF = "set local lock_timeout = '15s'";

export async function lockProject(client: Client): Promise<void> {
  const { rows } = await client.query<{ is_free: boolean }>(LOCK);
  if (rows[0]?.is_free !== true)
    throw new AdoptionError("Another adoption of this database is running. Wait for it to end.");
}

export interface Reporting {
  readonly say: (line: string) => void;
  /** Each step, and not only every fiftieth. */
  readonly all: boolean;
  /** Aborted when the operator interrupts: the step that is being taken is ended first. */
  readonly signal: AbortSignal;
}

const EVERY = 50;

/** Returns what could not be done because of the rows that are there. */
export async function takeSteps(
  client: Client,
  { steps, remarks }: Adoption,
  reporting: Reporting,
): Promise<Remark[]> {
  const stops = remarks.filter(({ weight }) => weight === "stops");
  if (stops.length > 0) {
    const lines = stops.map(({ about, sentence }) => `  ${about}: ${sentence}`);
    throw new AdoptionError(["Nothing was done, because of:", ...lines].join("\n"));
  }
  await openRecord(client);
  const left: Remark[] = [];
  const due = steps.filter(({ state }) => state !== "there");
  for (const [index, step] of due.entries()) {
    stopIfAsked(
      reporting.signal,
      `after ${index} of ${due.length} steps. Run apply to go on, or back to undo.`,
    );
    const refusal = await takeStep(client, step);
    report(
      reporting,
      [index + 1, due.length],
      refusal === null ? step.id : `skipped (see the end): ${step.id}`,
      refusal !== null,
    );
    if (refusal !== null) left.push({ about: step.id, sentence: `${step.otherwise} (${refusal})` });
  }
  return left;
}

export function report(
  { say, all }: Reporting,
  [done, total]: readonly [number, number],
  what: string,
  isNotable: boolean,
): void {
  if (all || isNotable) say(`${done}/${total} ${what}`);
  else if (done % EVERY === 0 || done === total) say(`${done}/${total} steps`);
}

export function stopIfAsked(signal: AbortSignal, where: string): void {
  if (signal.aborted) throw new AdoptionError(`Stopped ${where}`);
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

export const SCHEMA = "schema private";

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
    if (step.otherwise !== undefined && isAboutRows(error)) {
      return [error.message, error.detail].filter(Boolean).join(" ");
    }
    throw failedAt(step.id, error);
  }
}

/** Class 23: integrity constraint violation. */
const isAboutRows = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code?.startsWith("23") === true;

const LOCK_NOT_AVAILABLE = "55P03";

export function failedAt(step: string, cause: unknown): AdoptionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isBusy = cause instanceof DatabaseError && cause.code === LOCK_NOT_AVAILABLE;
  const advice = isBusy
    ? "Somebody else is using the table. Nothing is broken: run it again at a quiet time."
    : "What was done before stays done. Mend the cause and run it again.";
  return new AdoptionError(`It stopped at "${step}": ${reason}. ${advice}`, { cause });
}

export async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
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

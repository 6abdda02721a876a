/**
 * A connection that can be anybody: the superuser who arranges and looks up, a signed-in user as
 * PostgREST presents one, or the service key. Each call as somebody is one transaction, or one
 * savepoint where the whole test is rolled back.
 */
import { Client, DatabaseError, escapeIdentifier } from "pg";
import { inject } from "vitest";

type Role = "anon" | "authenticated" | "service_role";

export interface Caller {
  readonly role: Role;
  readonly userId: string | null;
}

export const service: Caller = { role: "service_role", userId: null };
export const anon: Caller = { role: "anon", userId: null };
export const user = (userId: string): Caller => ({ role: "authenticated", userId });

export interface Database {
  /** As the superuser. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  as<Row extends object>(caller: Caller, sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Calls a function that answers with one JSON object. */
  call<Result>(
    caller: Caller,
    name: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<Result>;
  close(): Promise<void>;
}

interface Brackets {
  readonly open: string;
  readonly keep: string;
  readonly undo: string;
}

const TRANSACTION: Brackets = { open: "begin", keep: "commit", undo: "rollback" };
const SAVEPOINT: Brackets = {
  open: "savepoint call",
  keep: "reset role; release savepoint call",
  undo: "rollback to savepoint call; release savepoint call",
};

export function openDatabase(url?: string): Promise<Database> {
  return connect(TRANSACTION, url);
}

/** A test that leaves nothing behind, and within which `now()` stands still. */
export async function inRollback(work: (db: Database) => Promise<void>): Promise<void> {
  const db = await connect(SAVEPOINT);
  try {
    await db.query("begin");
    await work(db);
  } finally {
    // Closing the connection is the rollback.
    await db.close();
  }
}

/** The code and message with which the database refuses; fails when it does not. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<{ code: string | undefined; message: string; detail: string | undefined }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { code: error.code, message: error.message, detail: error.detail };
  }
  throw new Error("The database refused nothing.");
}

/** Resolves once the connection with this process id waits for a lock; fails when it does not. */
export async function untilBlocked(observer: Database, processId: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  const sql = "select from pg_catalog.pg_stat_activity where pid = $1 and wait_event_type = 'Lock'";
  while ((await observer.query(sql, [processId])).length === 0) {
    if (Date.now() > deadline) throw new Error(`Connection ${processId} waits for no lock.`);
  }
}

export async function processIdOf(db: Database): Promise<number> {
  const [row] = await db.query<{ id: number }>("select pg_backend_pid() as id");
  if (!row) throw new Error("The connection has no process.");
  return row.id;
}

async function connect(brackets: Brackets, url = inject("stack").databaseUrl): Promise<Database> {
  const client = new Client({ connectionString: url });
  await client.connect();

  const query = async <Row extends object>(sql: string, values: readonly unknown[] = []) => {
    const { rows } = await client.query<Row>(sql, [...values]);
    return rows;
  };

  const as = async <Row extends object>(
    caller: Caller,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> => {
    await client.query(brackets.open);
    try {
      await become(client, caller);
      const rows = await query<Row>(sql, values);
      await client.query(brackets.keep);
      return rows;
    } catch (error) {
      await client.query(brackets.undo);
      throw error;
    }
  };

  const call = async <Result>(
    caller: Caller,
    name: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<Result> => {
    const named = Object.keys(args).map(
      (key, index) => `${escapeIdentifier(key)} => $${index + 1}`,
    );
    const sql = `select public.${escapeIdentifier(name)}(${named.join(", ")}) as result`;
    const [row] = await as<{ result: Result }>(caller, sql, Object.values(args));
    if (!row) throw new Error(`${name} answered nothing.`);
    return row.result;
  };

  return { query, as, call, close: () => client.end() };
}

/** The hosted project reads the claims as one object, the local stand-in the subject alone. */
async function become(client: Client, { role, userId }: Caller): Promise<void> {
  const claims = userId === null ? { role } : { role, sub: userId };
  await client.query(
    "select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true)",
    [JSON.stringify(claims), userId ?? ""],
  );
  await client.query(`set local role ${role}`);
}

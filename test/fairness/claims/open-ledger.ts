/** A database of the test's own with the ledger in it, and nothing that claims from it. */
import { startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { type Connection, connect } from "../connection.ts";

export interface Ledger {
  readonly connection: Connection;
  /** A further connection, closed with the ledger. */
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

/** Nobody sends heartbeats, and runs wait for hours of a clock that is not the database's. */
const PATIENT = {
  lease: "1 day",
  wait_limit: "1 day",
  work_limit: "1 day",
  reconcile_after: "0 seconds",
};

export async function openLedger(onLine: (name: string, line: string) => void): Promise<Ledger> {
  const stack = await startStack({
    ports: "free",
    environment: {},
    apps: { api: 0, workers: 0 },
    seed: false,
    runPolicy: PATIENT,
    tenantLimits: WITHOUT_LIMITS,
    onLine,
  });
  const opened: Connection[] = [];
  const open = async (): Promise<Connection> => {
    if (stack.databaseUrl === null) throw new Error("The stack has no database of its own.");
    const connection = await connect(stack.databaseUrl);
    opened.push(connection);
    return connection;
  };
  return {
    connection: await open(),
    connect: open,
    close: async () => {
      await Promise.all(opened.map((connection) => connection.close()));
      await stack.stop();
    },
  };
}

/** Workers whose lease outlives the test. */
import { randomUUID } from "node:crypto";
import type { Connection } from "../connection.ts";

export async function startWorker(connection: Connection): Promise<string> {
  const workerId = randomUUID();
  await connection.asWorker("heartbeat_worker", { p_worker_id: workerId });
  return workerId;
}

/** So old that it may take runs over from others. */
export async function startElder(connection: Connection): Promise<string> {
  const workerId = await startWorker(connection);
  const older = "update public.workers set alive_since = '-infinity' where id = $1";
  await connection.query(older, [workerId]);
  return workerId;
}

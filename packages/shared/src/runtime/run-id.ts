/**
 * Run ids are UUIDs of version 7: they sort by time, so that new rows go to the end of the ledger's
 * indexes and the ledger can be partitioned by ranges of ids. The ledger refuses other versions.
 */
import { v7 } from "uuid";

export function newRunId(): string {
  return v7();
}

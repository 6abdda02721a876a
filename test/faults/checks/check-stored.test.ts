import { expect, test } from "vitest";
import { checkHistory } from "../check-history.ts";
import { GOOD, OTHER, RUN } from "../good-history.ts";
import type { Observation, StoredSeen } from "../history.ts";

function stored(change: Partial<StoredSeen>): StoredSeen {
  const row = { runId: RUN, userId: "U", tenantId: "T", key: "k", status: "completed" };
  return { kind: "stored", at: 900, ...row, ...change };
}

function messages(...more: readonly Observation[]): string[] {
  return checkHistory([...GOOD, ...more]).map(
    ({ guarantee, runId, message }) => `${guarantee} ${runId}: ${message}`,
  );
}

test("a stored run whose acceptance was lost must end too", () => {
  const unheard = { runId: OTHER, key: null };
  expect(messages(stored({ ...unheard, status: "running" }))).toEqual([
    `G1 ${OTHER}: it was stored, its acceptance was lost, and it has not ended`,
  ]);
  expect(messages(stored(unheard))).toEqual([]);
});

test("a key of one user and tenant is one row, and is independent of other users and tenants", () => {
  expect(messages(stored({}), stored({ runId: OTHER }))).toEqual([
    `G17 ${OTHER}: it is stored with the key k of ${RUN}`,
  ]);
  expect(messages(stored({}), stored({ runId: OTHER, userId: "V" }))).toEqual([]);
  expect(messages(stored({}), stored({ runId: OTHER, tenantId: "V" }))).toEqual([]);
  expect(messages(stored({}), stored({ runId: OTHER, key: "other" }))).toEqual([]);
});

test("a history that was closed twice has each row twice, and the last one counts", () => {
  const early = stored({ runId: OTHER, status: "running" });
  expect(messages(stored({}), stored({}))).toEqual([]);
  expect(messages(early, stored({ runId: OTHER, key: null }))).toEqual([]);
});

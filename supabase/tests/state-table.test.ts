/** A run's legal moves stand in three places, and are the same in all of them. */
import { readFileSync } from "node:fs";
import { RUN_TRANSITIONS } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";

const contract = Object.entries(RUN_TRANSITIONS)
  .flatMap(([from, to]) => to.map((state) => `${from} → ${state}`))
  .sort();

test("the database's moves are the contract's", () =>
  inRollback(async (db) => {
    const rows = await db.query<{ move: string }>(
      "select from_state || ' → ' || to_state as move from private.run_transitions",
    );
    expect(rows.map(({ move }) => move).sort()).toEqual(contract);
  }));

test("the moves in ARCHITECTURE.md are the contract's, each in one line, and its final states too", () => {
  const page = readFileSync(new URL("../../ARCHITECTURE.md", import.meta.url), "utf8");
  const [, states = ""] = /^### States$(.*?)^##/ms.exec(page) ?? [];
  const moves = [...states.matchAll(/^\| (\w+) \| (\w+) \|/gm)]
    .map(([, from, to]) => `${from} → ${to}`)
    .filter((move) => move !== "from → to");
  expect(moves.sort()).toEqual(contract);

  const [final = ""] = /^.*\bare final\.$/m.exec(states) ?? [];
  const named = [...final.matchAll(/`(\w+)`/g)].map(([, state]) => state);
  const ends = Object.entries(RUN_TRANSITIONS).filter(([, to]) => to.length === 0);
  expect(named).toEqual(ends.map(([state]) => state));
});

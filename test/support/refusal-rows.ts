/** A table of refusals: each row says who asks for what, and what every door answers. */
import { expect } from "vitest";
import {
  type Answers,
  type Door,
  type House,
  knockEverywhere,
  type Refusal,
  type Submission,
  toRow,
} from "./doors.ts";
import { countRuns } from "./query.ts";

export interface RefusalRow {
  readonly asked: Partial<Submission>;
  readonly answers: Answers;
  /** A request that must be refused in the very same words. */
  readonly like?: Partial<Submission>;
}

export interface Table {
  readonly house: House;
  /** What each row asks for, but for what the row names. */
  readonly ordinary: Submission;
  /** None of them may gain a run. */
  readonly workspaceIds: readonly string[];
  /** Stands in rows of another tenant, and in no answer. */
  readonly secret: string;
}

/** Every door answers as the row says, and no run comes of it. */
export async function expectRefused(table: Table, row: RefusalRow): Promise<void> {
  await readRefusals(table, row);
}

/** The same, for tests that look closer at what was answered. */
export async function readRefusals(
  table: Table,
  row: RefusalRow,
): Promise<ReadonlyMap<Door, Refusal>> {
  const { house, ordinary } = table;
  const { asked, answers, like } = row;
  const count = () => Promise.all(table.workspaceIds.map(countRuns));
  const before = await count();
  const seen = await knockEverywhere(house, { ...ordinary, ...asked }, answers);
  expect(toRow(seen, answers)).toEqual(answers);
  const words = [...seen.values()].map((refusal) => JSON.stringify(refusal.words));
  expect(words.join("\n")).not.toContain(table.secret);
  if (like) {
    const others = await knockEverywhere(house, { ...ordinary, ...like }, answers);
    for (const [door, one] of seen) expect(others.get(door)?.words, door).toEqual(one.words);
  }
  expect(await count()).toEqual(before);
  return seen;
}

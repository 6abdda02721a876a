import { describe, expect, test } from "vitest";
import { judgeCase } from "./judge-case.ts";
import type { Played } from "./play-answers.ts";
import type { AnswerCase } from "./read-case-file.ts";

const HONEST: AnswerCase = {
  name: "a/b",
  about: "",
  agent: "a",
  workspace: "w",
  payload: {},
  family: "plain",
  kind: "honest",
  fault: null,
  expected: ["completed"],
  saved: [],
  savedAs: null,
  sees: null,
  without: [],
  hidden: [],
  end: "stop",
  text: "",
};
const PLANTED: AnswerCase = { ...HONEST, kind: "planted", expected: ["warned"], sees: /500/ };
const PLAYED: Played = {
  outcome: "completed",
  findings: [],
  output: { plan: { budgets: [1200] } },
  rows: [{ table: "cmo_offers", id: "1", values: { price: 9 } }],
  visible: "Hello",
};
const WARNED: Played = {
  ...PLAYED,
  outcome: "warned",
  findings: [{ kind: "claim", path: "body", message: "“500 customers”", fixed: false }],
};

function faultsOf(answer: Partial<AnswerCase>, played: Partial<Played> = {}, model?: Played) {
  return judgeCase({ ...HONEST, ...answer }, { ...PLAYED, ...played }, model ?? null).faults;
}

describe("the judgement of a case", () => {
  test("finds nothing where all is as it should be", () => {
    const saved = [
      { path: "plan.budgets[0]", value: 1200 },
      { path: "cmo_offers[0].price", value: 9 },
      { path: "rows cmo_offers", value: 1 },
    ];
    expect(faultsOf({ saved, without: ["500"], hidden: ["{"] }, {}, PLAYED)).toEqual([]);
  });

  test("names a number that came out wrong, in the output, in a row and in their count", () => {
    expect(faultsOf({ saved: [{ path: "plan.budgets[0]", value: 1.2 }] })).toHaveLength(1);
    expect(faultsOf({ saved: [{ path: "cmo_offers[0].price", value: 8 }] })).toHaveLength(1);
    expect(faultsOf({ saved: [{ path: "rows cmo_offers", value: 2 }] })).toHaveLength(1);
  });

  test("names the first value that differs from the rows of the first answer", () => {
    const rows = [{ table: "cmo_offers", id: "1", values: { price: 9.5 } }];
    expect(faultsOf({}, { rows }, PLAYED)).toEqual(["rows.0.1.price is 9.5 instead of 9"]);
  });

  test("does not compare the warnings that are saved with a row", () => {
    const rows = [{ table: "cmo_offers", id: "1", values: { price: 9, warnings: ["read"] } }];
    expect(faultsOf({}, { rows }, PLAYED)).toEqual([]);
  });

  test("takes exact mends for completed, and nothing else", () => {
    expect(faultsOf({}, { outcome: "normalized" })).toEqual([]);
    expect(faultsOf({}, { outcome: "repaired" })).toHaveLength(1);
    expect(faultsOf({ expected: ["normalized"] })).toHaveLength(1);
  });

  test("names texts that may not be saved or seen", () => {
    expect(faultsOf({ without: ["price"] })).toEqual(["“price” is saved"]);
    expect(faultsOf({ hidden: ["Hello"] })).toEqual(["readers see “Hello”"]);
  });

  test("calls a planted fault seen only if a finding names it", () => {
    expect(judgeCase(PLANTED, WARNED, null)).toMatchObject({ seen: true, faults: [] });
    expect(judgeCase({ ...PLANTED, sees: /award/ }, WARNED, null)).toMatchObject({ seen: false });
    expect(judgeCase(PLANTED, PLAYED, null)).toMatchObject({ seen: false });
  });

  test("calls an open finding of an honest answer a false alarm", () => {
    expect(judgeCase(HONEST, WARNED, null)).toMatchObject({ falseAlarm: true });
    expect(judgeCase(HONEST, PLAYED, null)).toMatchObject({ falseAlarm: false });
    expect(judgeCase({ ...HONEST, expected: ["warned"] }, WARNED, null)).toMatchObject({
      falseAlarm: false,
      faults: [],
    });
  });

  test("does not call an answer accepted at first that had a second call or was refused", () => {
    const acceptedAs = (outcome: Played["outcome"]) =>
      judgeCase(HONEST, { ...PLAYED, outcome }, null).acceptedAtFirst;
    expect([acceptedAs("warned"), acceptedAs("repaired"), acceptedAs("refused")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

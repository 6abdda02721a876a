/** Plays and judges the whole corpus. */
import { type CaseResult, judgeCase } from "./judge-case.ts";
import { playAll } from "./play-answers.ts";
import type { AnswerCase } from "./read-case-file.ts";

export async function judgeCorpus(cases: readonly AnswerCase[]): Promise<readonly CaseResult[]> {
  const played = await playAll(cases);
  const byName = new Map([...played].map(([{ name }, one]) => [name, one]));
  return [...played].map(([answer, one]) => {
    const model = answer.savedAs === null ? undefined : byName.get(answer.savedAs);
    return judgeCase(answer, one, model ?? null);
  });
}

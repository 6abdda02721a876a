/** Plays the corpus and describes the results, for `npm run eval -- --answers`. */
import { readCorpus, readKnownFailures, workspaceOf } from "./corpus.ts";
import type { CaseResult } from "./judge-case.ts";
import { judgeCorpus } from "./judge-corpus.ts";
import { sharesOf, toAnswerTable } from "./tally-cases.ts";

/**
 * `table` for the counts by kind, `failures` for the answers that are judged wrongly, or the name of an
 * answer for its whole text and what was found in it.
 */
/** The table, and the share of honest answers that were accepted at first, from 0 to 1. */
export async function judgeAnswers(): Promise<{ table: string; acceptedAtFirst: number }> {
  const results = await judgeCorpus(readCorpus());
  return { table: toOverview(results), acceptedAtFirst: sharesOf(results).acceptedAtFirst / 100 };
}

export async function describeAnswers(asked: string): Promise<string> {
  const results = await judgeCorpus(readCorpus());
  if (asked === "table") return toOverview(results);
  if (asked === "failures") return wrongOnes(results).map(toFailureLine).join("\n");
  const chosen = results.filter(({ answer }) => answer.name === asked);
  return chosen.map(toDescription).join("\n") || `There is no answer ${asked}.`;
}

function toOverview(results: readonly CaseResult[]): string {
  const table = toAnswerTable(results, ({ answer }) => workspaceOf(answer).profile.language);
  const wrong = wrongOnes(results).length;
  const known = readKnownFailures().size;
  return `${table}\n${wrong} answers are not judged as they should be; ${known} are on the list.`;
}

function wrongOnes(results: readonly CaseResult[]): readonly CaseResult[] {
  return results.filter(({ faults }) => faults.length > 0);
}

function toFailureLine({ answer, faults }: CaseResult): string {
  return `${answer.name}: ${faults.join("; ")}`;
}

function toDescription({ answer, played, faults }: CaseResult): string {
  const findings = played.findings.map(
    ({ kind, path, message, fixed }) =>
      `  ${fixed ? "fixed" : "open "} ${kind} ${path}: ${message}`,
  );
  return [
    `${answer.name} (${answer.kind}): ${answer.about}`,
    "",
    answer.text,
    "",
    `${played.outcome}; expected: ${answer.expected.join(" or ")}`,
    ...findings,
    ...faults.map((fault) => `  wrong ${fault}`),
  ].join("\n");
}

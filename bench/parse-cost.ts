/**
 * Measures the cost of following the structure of an answer while it streams: the section watcher fed
 * with small pieces, compared with one pass over the whole text and with one JSON.parse. Also
 * measures an answer of many small members in one piece.
 */
import { parseArgs } from "node:util";
import { newSectionWatcher } from "../packages/agents/src/answer-text/watch-sections.ts";

const HELP = `Measures the cost of parsing an answer while it streams.

  npm run bench:parse -- [--kib 200] [--chars 12] [--rounds 60]

  --kib     size of the answer, in KiB of JSON
  --chars   size of a piece, in characters
  --rounds  number of measurements; the median is printed

Exits with 1 if streaming costs at least twice as much as a single pass, or an answer of many small
members in one piece at least twenty times as much.
`;

/** The upper bound of the streamed cost, as a multiple of a single pass of the same scanner. */
const MOST = 2;
/** The same for many small members, each of which is parsed separately. */
const MOST_OF_MANY = 20;
const SECTIONS = ["plan_name", "summary", "objectives", "months", "milestones", "risks"] as const;

/** An answer of many small members, as plans are: texts, numbers, lists and objects. */
function newAnswer(bytes: number): string {
  const item = (n: number) => ({
    name: `Item ${n} of the "plan", with a \\ in it`,
    description: "Two sentences that say what is done, for whom, and by when. Ünïcödé too.",
    week: n % 13,
    share: n / 7,
    channels: ["email", "linkedin", "events"],
  });
  const perSection = Math.ceil(bytes / SECTIONS.length / (JSON.stringify(item(100)).length + 1));
  const sections = SECTIONS.map((name) => [
    name,
    Array.from({ length: perSection }, (_, n) => item(n)),
  ]);
  return JSON.stringify(Object.fromEntries(sections));
}

/** The same size, in members that are not sections, followed by the sections. */
function newManyMembers(bytes: number): string {
  const many = Array.from({ length: Math.floor(bytes / '"a":1,'.length) }, () => '"a":1,');
  return `{${many.join("")}${SECTIONS.map((name) => `"${name}":1`).join(",")}}`;
}

function cut(text: string, chars: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += chars) pieces.push(text.slice(at, at + chars));
  // Copies, because pieces from the network are separate strings, not slices of one.
  return pieces.map((piece) => Buffer.from(piece).toString());
}

function watch(pieces: readonly string[]): void {
  const watcher = newSectionWatcher({ sections: SECTIONS, tag: null });
  const done = pieces.flatMap((piece) => watcher.push(piece)).filter((e) => e.type === "partial");
  if (done.length !== SECTIONS.length) throw new Error(`Only ${done.length} sections were found.`);
}

function medianMs(rounds: number, run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

function main(): number {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean" },
      kib: { type: "string", default: "200" },
      chars: { type: "string", default: "12" },
      rounds: { type: "string", default: "60" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [kib, chars, rounds] = [Number(values.kib), Number(values.chars), Number(values.rounds)];
  const text = newAnswer(kib * 1024);
  const many = newManyMembers(kib * 1024);
  const pieces = cut(text, chars);
  const runs = {
    streamed: () => watch(pieces),
    single: () => watch([text]),
    bare: () => void JSON.parse(text),
    members: () => watch([many]),
  };
  for (const run of Object.values(runs)) medianMs(rounds, run);
  const [streamed, single, bare, members] = Object.values(runs).map((run) => medianMs(rounds, run));
  if (!streamed || !single || !bare || !members) throw new Error("Nothing was measured.");

  const size = `${Math.round(text.length / 1024)} KiB in ${pieces.length} pieces of ${chars} characters`;
  console.log(`${size}, median of ${rounds} rounds`);
  console.log(`streamed                     ${streamed.toFixed(2)} ms`);
  console.log(
    `single pass, same scanner    ${single.toFixed(2)} ms   ratio ${(streamed / single).toFixed(2)}`,
  );
  console.log(
    `one bare JSON.parse          ${bare.toFixed(2)} ms   ratio ${(streamed / bare).toFixed(2)}`,
  );
  console.log(
    `many members in one piece    ${members.toFixed(2)} ms   ${(members / single).toFixed(2)} times the single pass`,
  );
  return streamed / single < MOST && members / single < MOST_OF_MANY ? 0 : 1;
}

process.exitCode = main();

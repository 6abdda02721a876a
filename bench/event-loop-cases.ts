/** Rows, answers and texts at their limits, for the measurement of the event loop. */
import { SAMPLE_ROWS, type SampleRows } from "../packages/agents/test/sample-rows.ts";
import { sampleIntake } from "../packages/agents/test/samples/brand-intake.ts";
import { sampleCampaign } from "../packages/agents/test/samples/campaign-designer.ts";
import { sampleContent } from "../packages/agents/test/samples/content-engine.ts";
import { sampleFunnel } from "../packages/agents/test/samples/funnel-architect.ts";
import { sampleAnalysis } from "../packages/agents/test/samples/optimization-analyst.ts";
import { samplePlan } from "../packages/agents/test/samples/plan-90day.ts";

const ROW_BYTES = 128 * 1024;
const PAGE_ROWS = 8;
const SNAPSHOTS = 1_000;
const ANSWER_CHARS = 1024 * 1024;
const PARTS = 10_000;
/** A longer text is not repaired, so malformed answers are slowest up to here. */
const REPAIRED_CHARS = 128 * 1024;

/** What text that nobody expects consists of. */
const PIECES = [
  "1",
  "1 ",
  "1.1,",
  "a",
  " ",
  '"',
  '" a ',
  "“a b c d e f ",
  "★★ ",
  "漢字",
  "join 5 a",
];
const MALFORMED = ["{", '{"', "[1,", "\\", '{"a":1}', '{"a":"b "c" d",', "{'a':'b',", "a(", "/*"];

const repeated = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Every list of the workspace has one page of rows at their limit, which consist of `piece`. */
function largestRows(piece: string): SampleRows {
  const entries = Object.entries(SAMPLE_ROWS).map(([table, rows]) => {
    if (table === "cmo_metrics_snapshots") return [table, rows];
    return [table, Array.from({ length: PAGE_ROWS }, (_, i) => enlarge(rows, i, piece))];
  });
  return { ...SAMPLE_ROWS, ...Object.fromEntries(entries) };
}

/** Its objects and lists share what a row may have. */
function enlarge(rows: readonly object[], number: number, piece: string): object {
  const row = rows[number % rows.length] ?? {};
  const grown = Object.entries(row).filter(([, value]) => typeof value === "object" && value);
  const room = ROW_BYTES / Math.max(grown.length, 1);
  const text = repeated(piece, Math.floor(room / Math.max(1, escapedLength(piece))));
  const own = number < rows.length ? {} : { id: `${number}` };
  return { ...row, ...Object.fromEntries(grown.map(([name]) => [name, [text]])), ...own };
}

function escapedLength(piece: string): number {
  return Buffer.byteLength(JSON.stringify(piece).slice(1, -1)) / piece.length;
}

export const ROWS: readonly (readonly [name: string, rows: SampleRows])[] = [
  ["sample rows", SAMPLE_ROWS],
  ...PIECES.map((piece) => [`rows of ${JSON.stringify(piece)}`, largestRows(piece)] as const),
];

export const PAGE = JSON.stringify(
  Array.from({ length: PAGE_ROWS }, () => ({ goals: [repeated("a", ROW_BYTES - 20)] })),
);
export const SNAPSHOT_PAGE = JSON.stringify(
  Array.from({ length: SNAPSHOTS }, () => ({ custom_metrics: [repeated("1,", 3_000)] })),
);

const VALID = {
  setup: sampleIntake,
  strategy: samplePlan,
  funnels: sampleFunnel,
  campaigns: sampleCampaign,
  content: sampleContent,
  optimization: sampleAnalysis,
} as const;

export type Mode = keyof typeof VALID;
export const MODES = [
  "setup",
  "strategy",
  "funnels",
  "campaigns",
  "content",
  "optimization",
] as const;

/** The valid answer, with lists as long and texts as large as an answer may have. */
function grownAnswers(mode: Mode): readonly (readonly [name: string, answer: string])[] {
  const valid: unknown = VALID[mode];
  const longest = growUntilFull(valid, (value, times) => withLists(value, times));
  const texts = PIECES.map((piece) => {
    const answer = growUntilFull(valid, (value, times) => withTexts(value, piece, 10 * times));
    return [`texts of ${JSON.stringify(piece)}`, answer] as const;
  });
  const both = [20, 500].flatMap((characters) =>
    PIECES.map((piece) => {
      const answer = growUntilFull(withTexts(valid, piece, characters), withLists);
      return [`lists of texts of ${characters} ${JSON.stringify(piece)}`, answer] as const;
    }),
  );
  return [["lists", longest], ...texts, ...both];
}

function growUntilFull(valid: unknown, grow: (value: unknown, times: number) => unknown): string {
  let answer = JSON.stringify(valid);
  for (let times = 1; times < 5_000; times = Math.ceil(times * 1.2)) {
    const grown = grow(valid, times);
    const next = JSON.stringify(grown);
    if (next.length > ANSWER_CHARS || countParts(grown) > PARTS) break;
    answer = next;
  }
  return answer;
}

function withLists(value: unknown, times: number): unknown {
  if (Array.isArray(value)) return Array.from({ length: times }, () => value).flat();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withLists(member, times)]),
  );
}

function withTexts(value: unknown, piece: string, characters: number): unknown {
  const isFree = typeof value === "string" && /[ A-Z]/.test(value) && value.length > 20;
  if (isFree) return repeated(piece, Math.min(characters, 20_000));
  if (Array.isArray(value)) return value.map((item) => withTexts(item, piece, characters));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withTexts(member, piece, characters)]),
  );
}

function countParts(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + countParts(member), 1);
}

export function answersOf(mode: Mode): readonly (readonly [name: string, answer: string])[] {
  return grownAnswers(mode).map(([name, answer]) => {
    return [name, mode === "setup" ? toBlocks(answer) : answer] as const;
  });
}

const FENCED = `\`\`\`json\n${'{"a":'.repeat(1_000)}\n\`\`\`\n`;

/** Answers that only a repair could read. Some of them take the whole time of one. */
export const MALFORMED_ANSWERS: readonly (readonly [name: string, answer: string])[] = [
  ...PIECES,
  ...MALFORMED,
  FENCED,
].flatMap((piece) =>
  [REPAIRED_CHARS, ANSWER_CHARS].map(
    (length) =>
      [
        `${length / 1024} KiB of ${JSON.stringify(piece).slice(0, 20)} after a brace`,
        `{${repeated(piece, length - 1)}`,
      ] as const,
  ),
);

function toBlocks(answer: string): string {
  const members: Record<string, unknown> = JSON.parse(answer);
  return Object.entries(members)
    .map(([tag, value]) =>
      tag === "message" ? String(value) : `\`\`\`json:${tag}\n${JSON.stringify(value)}\n\`\`\``,
    )
    .join("\n\n");
}

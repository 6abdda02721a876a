/** Each dialect as five faults: `openai-whole`, `openai-cut` and so on. */
import { DIALECTS, type Dialect } from "./dialects.ts";
import { type Fault, PIECES } from "./fault.ts";
import { beginning, DONE, END, type Step } from "./script.ts";

export const DIALECT_CASES = ["whole", "cut", "error-before", "error-within", "empty"] as const;
type DialectCase = (typeof DIALECT_CASES)[number];

type Script = readonly Step[];

const FAULTS_OF: Readonly<Record<DialectCase, (dialect: Dialect) => Fault>> = {
  whole: (dialect) => ({
    description: `In the dialect of ${dialect.title}: a whole answer.`,
    ...(dialect.isWhole
      ? { reply: (answer) => wholeReply(dialect, answer, dialect.reasons.stop) }
      : { script: (script) => spoken(dialect, script, dialect.reasons.stop) }),
  }),
  cut: (dialect) => ({
    description: `In the dialect of ${dialect.title}: an answer that hit its limit in the middle.`,
    number: PIECES,
    script: (script, n) => spoken(dialect, beginning(script, n), dialect.reasons.cut),
  }),
  "error-before": (dialect) => ({
    description: `In the dialect of ${dialect.title}: an error in place of an answer.`,
    refuse: () => dialect.refusal,
  }),
  "error-within": (dialect) => ({
    description: `In the dialect of ${dialect.title}: an error in the middle of the answer.`,
    number: PIECES,
    script: (script, n) => [
      ...(dialect.opening ?? []),
      ...piecesOf(dialect, beginning(script, n)),
      ...dialect.streamError,
      END,
    ],
  }),
  empty: (dialect) => ({
    description: `In the dialect of ${dialect.title}: an answer without any text.`,
    script: () => spoken(dialect, [], dialect.empty),
  }),
};

/** An answer as the dialect sends it, around the pieces of the script. */
function spoken(dialect: Dialect, script: Script, reason: string): Script {
  const { opening = [], lastChoice, usage, usageInLast, endsWithDone } = dialect;
  const choice = { index: 0, delta: {}, finish_reason: reason, ...lastChoice };
  const inLast = usage && usageInLast ? { usage } : {};
  const last: Step = { kind: "chunk", members: { choices: [choice], ...inLast } };
  const own: Step[] =
    usage && !usageInLast ? [{ kind: "chunk", members: { choices: [], usage } }] : [];
  return [
    ...opening,
    ...piecesOf(dialect, script),
    last,
    ...own,
    ...(endsWithDone ? [DONE] : []),
    END,
  ];
}

function piecesOf({ form }: Dialect, script: Script): Script {
  const pieces = script.filter((step) => step.kind === "piece");
  return form ? pieces.map((step) => ({ ...step, form })) : pieces;
}

function wholeReply({ usage }: Dialect, content: string, reason: string) {
  const message = { role: "assistant", content };
  const body = {
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: reason }],
    usage,
  };
  return { status: 200, body };
}

export const DIALECT_FAULTS: Readonly<Record<string, Fault>> = Object.fromEntries(
  Object.entries(DIALECTS).flatMap(([name, dialect]) =>
    DIALECT_CASES.map((which) => [`${name}-${which}`, FAULTS_OF[which](dialect)] as const),
  ),
);

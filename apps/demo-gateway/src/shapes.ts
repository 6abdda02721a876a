/** Complete answers in unusual forms that the format allows or that gateways send. */
import { type Fault, PIECES } from "./fault.ts";
import { beginning, contentChoices, dataLine, type PieceForm, type Step } from "./script.ts";

const MALFORMED: Step = { kind: "line", line: 'data: {"choices":[{"delta":{"content":"lo' };
const EARLY_USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

export const SHAPES: Readonly<Record<string, Fault>> = {
  "bad-json-line": {
    description: "One malformed data line among good ones.",
    number: PIECES,
    script: (script, n) => insertAfter(script, n, [MALFORMED]),
  },
  "bad-json-lines": {
    description: "Malformed data lines in a row, among good ones.",
    number: { means: "lines", default: 4 },
    script: (script, n) => insertAfter(script, PIECES.default, Array<Step>(n).fill(MALFORMED)),
  },
  "empty-choices": {
    description: "Chunks without choices between those with text.",
    script: (script) => beforeEachPiece(script, [dataLine({ choices: [] })]),
  },
  "null-delta": {
    description: "Chunks whose delta or content is null between those with text.",
    script: (script) =>
      beforeEachPiece(script, [
        choiceLine({ delta: null }),
        choiceLine({ delta: { content: null } }),
      ]),
  },
  "early-usage": {
    description: "A chunk with usage alone near the beginning, besides the one at the end.",
    script: (script) => insertAfter(script, 1, [dataLine({ choices: [], usage: EARLY_USAGE })]),
  },
  "extra-members": {
    description: "Undocumented members in every chunk.",
    script: (script) => inForm(script, withMore),
  },
  "no-space": {
    description: "No space after `data:`.",
    script: (script) => inForm(script, (chunk) => `data:${JSON.stringify(chunk)}`),
  },
  "multi-line": {
    description: "Each chunk over several data lines.",
    script: (script) => inForm(script, overLines),
  },
};

function insertAfter(script: readonly Step[], n: number, steps: readonly Step[]): readonly Step[] {
  const begun = beginning(script, n);
  return [...begun, ...steps, ...script.slice(begun.length)];
}

function beforeEachPiece(script: readonly Step[], steps: readonly Step[]): readonly Step[] {
  return script.flatMap((step) => (step.kind === "piece" ? [...steps, step] : [step]));
}

function choiceLine(choice: object): Step {
  return dataLine({ choices: [{ index: 0, finish_reason: null, ...choice }] });
}

function inForm(script: readonly Step[], form: PieceForm): readonly Step[] {
  return script.map((step) => (step.kind === "piece" ? { ...step, form } : step));
}

function overLines(chunk: object): string {
  const lines = JSON.stringify(chunk, null, 1).split("\n");
  return lines.map((line) => `data: ${line}`).join("\n");
}

function withMore(chunk: object, text: string): string {
  const choices = contentChoices(text).map((choice) => ({
    ...choice,
    delta: { role: "assistant", content: text, reasoning: null, refusal: null },
    ...{ native_finish_reason: null, logprobs: null },
  }));
  return `data: ${JSON.stringify({ ...chunk, choices, provider: "Demo", service_tier: null })}`;
}

/**
 * From the model's text to a candidate for the output schema.
 *
 * Models fence their JSON, introduce it in prose, wrap it in its own name and forget commas. The
 * object is searched first in the text as it is, then in the repaired text. A repair invents an
 * ending for text that was cut off, so only answers that the model itself ended are repaired.
 *
 * Text of any length that an answer may have is read. A longer text than models write is not repaired,
 * and an object of more parts than they write is refused, because both would take too long.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { toWellFormedValue } from "@cmo/shared/contract";
import type { Agent } from "../agent/define-agent.ts";
import { type Finding, open } from "../agent/finding.ts";
import { newProseFilter } from "../answer-text/prose-filter.ts";
import { isMembers, type Members } from "./members.ts";
import { nameBlocks, withBlock } from "./name-blocks.ts";
import { balancedObjects, objectsInText } from "./objects-in-text.ts";
import { parseAsWritten } from "./parse-as-written.ts";

export type ParsedOutput =
  | {
      readonly kind: "parsed";
      readonly value: Members;
      /** Only a repair made the JSON readable. Frequent repairs point to a weak prompt. */
      readonly isRepaired: boolean;
      readonly findings: readonly Finding[];
    }
  | {
      readonly kind: "unparsable";
      readonly message: string;
      /** A repair was tried and failed. */
      readonly triedRepair: boolean;
    };

type ParsedObject = {
  readonly kind: "parsed";
  readonly value: Members;
  readonly isRepaired: boolean;
};
type UnparsedObject = {
  readonly kind: "unreadable" | "long" | "large";
  readonly triedRepair: boolean;
};

export interface ModelText {
  readonly text: string;
  /** The model ended its answer itself; the text was not cut off. */
  readonly isWhole: boolean;
}

/** A repair takes time that grows with the square of the length. Answers have a tenth of this. */
const REPAIRED_MAX = 128 * 1024;
/** Values, lists and objects together; twenty times as many as the largest recorded answer has. */
const PARTS_MAX = 10_000;

/** The repaired texts, in order; null for each that is beyond repair. */
export type RepairTexts = (texts: readonly string[]) => Promise<readonly (string | null)[]>;

type ParsedAgent = Pick<Agent, "reply" | "sections" | "blockMembers">;

export async function parseOutput(
  agent: ParsedAgent,
  answer: ModelText,
  repair: RepairTexts,
): Promise<ParsedOutput> {
  return agent.reply === "json"
    ? parseJsonAnswer(agent, answer, repair)
    : parseProseAnswer(agent, answer, repair);
}

async function parseJsonAnswer(
  { sections }: ParsedAgent,
  { text, isWhole }: ModelText,
  repair: RepairTexts,
): Promise<ParsedOutput> {
  const texts = objectsInText(text);
  const parsed = await parseObject(texts, { repair: isWhole ? repair : null, sections });
  if (parsed.kind === "parsed") {
    const value = unwrap(parsed.value, sections);
    const { isRepaired } = parsed;
    return { kind: "parsed", value, isRepaired, findings: repairFindings("", isRepaired) };
  }
  const { triedRepair } = parsed;
  const message = texts.length > 0 ? MESSAGES[parsed.kind] : "The answer contains no JSON object.";
  return { kind: "unparsable", message, triedRepair };
}

const MESSAGES = {
  unreadable: "The answer contains no JSON object that can be read.",
  long: `The answer is malformed, and with more than ${REPAIRED_MAX} characters too long for a repair.`,
  large: `The answer has more than ${PARTS_MAX} values.`,
} as const;

/** The deepest nesting of wrappers such as `{"result": {"plan": {…}}}` that is unwrapped. */
const WRAPPERS_MAX = 3;

/** The object itself, or the nested object that contains more of the sections. */
function unwrap(value: Members, sections: readonly string[], left = WRAPPERS_MAX): Members {
  if (left === 0) return value;
  return Object.values(value)
    .filter(isMembers)
    .map((member) => unwrap(member, sections, left - 1))
    .reduce(
      (best, member) => (count(member, sections) > count(best, sections) ? member : best),
      value,
    );
}

function count(value: Members, sections: readonly string[]): number {
  return sections.filter((section) => Object.hasOwn(value, section)).length;
}

/** Edge-compatible clients parse the first block of each tag, so that one keeps its place. */
async function parseProseAnswer(
  agent: ParsedAgent,
  { text, isWhole }: ModelText,
  repair: RepairTexts,
): Promise<ParsedOutput> {
  const filter = newProseFilter();
  const message = (filter.push(text) + filter.end()).trim();
  const findings: Finding[] = [];
  let value: Members = { message };
  let isRepaired = false;

  for (const { tag, body } of filter.blocks) {
    const parsed = await readBlock(body, isWhole ? repair : null);
    if (parsed.kind !== "parsed") {
      findings.push(leftOut(tag, REASONS[parsed.kind]));
      continue;
    }
    const blocks = nameBlocks(parsed.value, tag, agent.blockMembers);
    if (blocks.length === 0 && Object.keys(parsed.value).length > 0) {
      findings.push(leftOut(tag, `is none of ${Object.keys(agent.blockMembers).join(", ")}`));
      continue;
    }
    for (const block of blocks) value = withBlock(value, block, agent.sections);
    findings.push(...repairFindings(tag, parsed.isRepaired));
    isRepaired ||= parsed.isRepaired;
  }
  return { kind: "parsed", value, isRepaired, findings };
}

const REASONS = {
  unreadable: "is not valid JSON",
  long: "is not valid JSON",
  large: "has too many values",
} as const;

function leftOut(path: string, why: string): Finding {
  return open("json", path, `A block that ${why} was left out.`);
}

/** A block is one object; models also write a list of them, or one after the other. */
async function readBlock(
  body: string,
  repair: RepairTexts | null,
): Promise<ParsedObject | UnparsedObject> {
  const text = body.startsWith("[") ? `{"blocks": ${body}}` : body;
  const whole = await parseObject([text], { repair: null, sections: [] });
  if (whole.kind !== "unreadable") return whole;
  const parts = balancedObjects(body);
  const { objects } = await readObjects(parts);
  if (objects.length > 0 && objects.length === parts.length) {
    const [first] = objects;
    const value = first && objects.length === 1 ? first : { blocks: objects };
    return { kind: "parsed", value, isRepaired: false };
  }
  return repair ? parseObject([text], { repair, sections: [] }) : whole;
}

function repairFindings(path: string, isRepaired: boolean): readonly Finding[] {
  if (!isRepaired) return [];
  const message = "The JSON was malformed and has been repaired.";
  return [{ kind: "json", path, message, fixed: true }];
}

interface Search {
  /** Null if the text may not be repaired. */
  readonly repair: RepairTexts | null;
  readonly sections: readonly string[];
}

/** The fullest object. Texts are repaired only if none of them contains a section as it is. */
async function parseObject(
  texts: readonly string[],
  { repair, sections }: Search,
): Promise<ParsedObject | UnparsedObject> {
  const { objects, isLarge } = await readObjects(texts);
  const whole = fullest(objects, sections);
  const isAnswer = whole && (sections.length === 0 || count(unwrap(whole, sections), sections) > 0);
  if (isLarge && !isAnswer) return { kind: "large", triedRepair: false };
  const asItIs = whole && ({ kind: "parsed", value: whole, isRepaired: false } as const);
  // `jsonrepair` turns any text into a string; only a text that begins as an object is repaired.
  const candidates = texts.filter((text) => text.startsWith("{"));
  // guards G1: repaired length
  const isLong = candidates.some(({ length }) => length > REPAIRED_MAX);
  if (isAnswer || repair === null || isLong) {
    return asItIs ?? { kind: repair && isLong ? "long" : "unreadable", triedRepair: false };
  }
  const repairedTexts = await repair(candidates);
  const repaired = await readObjects(repairedTexts.filter((text) => text !== null));
  const value = fullest(repaired.objects, sections);
  if (value) return { kind: "parsed", value, isRepaired: true };
  return asItIs ?? { kind: "unreadable", triedRepair: texts.length > 0 };
}

/** The later of two equally full objects: a model that answers twice means the second. */
function fullest(objects: readonly Members[], sections: readonly string[]): Members | null {
  const countOf = (value: Members) => count(unwrap(value, sections), sections);
  return objects.reduce<Members | null>(
    (best, value) => (best && countOf(best) > countOf(value) ? best : value),
    null,
  );
}

async function readObjects(
  texts: readonly string[],
): Promise<{ readonly objects: readonly Members[]; readonly isLarge: boolean }> {
  const readings: (Members | "large" | null)[] = [];
  for (const text of texts) {
    // Each text may be as long as an answer: other runs may work in between.
    await nextTurn();
    readings.push(readObject(text));
  }
  const isObjectRead = (reading: Members | "large" | null) =>
    reading !== null && reading !== "large";
  return { objects: readings.filter(isObjectRead), isLarge: readings.includes("large") };
}

function readObject(text: string): Members | "large" | null {
  try {
    const parsed = parseAsWritten(text);
    if (!isMembers(parsed)) return null;
    // guards G1: parts
    if (hasTooManyParts(parsed)) return "large";
    const value = toWellFormedValue(parsed);
    return isMembers(value) ? value : null;
  } catch {
    // Not JSON: a normal outcome; other texts may be readable.
    return null;
  }
}

function hasTooManyParts(value: Members): boolean {
  const rest: unknown[] = [value];
  for (let count = 1; count <= PARTS_MAX; count += 1) {
    const part = rest.pop();
    if (typeof part === "object" && part !== null) {
      for (const member of Object.values(part)) rest.push(member);
    }
    if (rest.length === 0) return false;
    if (count + rest.length > PARTS_MAX) return true;
  }
  return true;
}

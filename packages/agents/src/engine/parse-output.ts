/**
 * From the model's text to a candidate for the output schema.
 *
 * Models fence their JSON, announce it, wrap it in its own name and forget commas. What was asked
 * for is looked for, first as it stands, then repaired; a repair invents an ending for what was
 * cut off, so it is only tried on an answer that the model itself ended.
 */
import { jsonrepair } from "jsonrepair";
import type { Agent } from "../agent/define-agent.ts";
import type { Finding } from "../agent/finding.ts";
import { newProseFilter, type TaggedBlock } from "../answer-text/prose-filter.ts";
import { toWellFormedValue } from "../answer-text/well-formed-text.ts";
import { objectsInText } from "./objects-in-text.ts";

export type ParsedOutput =
  | {
      readonly kind: "parsed";
      readonly value: JsonObject;
      /** How far one had to go: `repaired` is worth a look at the prompt. */
      readonly rung: Rung;
      readonly findings: readonly Finding[];
    }
  | {
      readonly kind: "unparsable";
      readonly message: string;
      /** A repair was tried, and did not help. */
      readonly triedRepair: boolean;
    };

type Rung = "parsed" | "repaired";
type JsonObject = Readonly<Record<string, unknown>>;
type ParsedObject = { readonly value: JsonObject; readonly rung: Rung };

export interface ModelText {
  readonly text: string;
  /** The model ended its answer itself. */
  readonly isWhole: boolean;
}

export function parseOutput(
  agent: Pick<Agent, "reply" | "sections">,
  answer: ModelText,
): ParsedOutput {
  return agent.reply === "json" ? parseJsonAnswer(agent, answer) : parseProseAnswer(agent, answer);
}

function parseJsonAnswer(
  { sections }: Pick<Agent, "sections">,
  { text, isWhole }: ModelText,
): ParsedOutput {
  const texts = objectsInText(text);
  const parsed = parseObject(texts, { mayRepair: isWhole, sections });
  if (parsed) {
    const value = unwrap(parsed.value, sections);
    return { kind: "parsed", value, rung: parsed.rung, findings: repairFindings("", parsed.rung) };
  }
  const message =
    texts.length > 0
      ? "The answer holds no JSON object that can be read."
      : "The answer holds no JSON object.";
  return { kind: "unparsable", message, triedRepair: isWhole && texts.length > 0 };
}

/** How deep `{"result": {"plan": {…}}}` may bury what was asked for. */
const WRAPPERS_MAX = 3;

/** The object itself, or one within it that holds more of the sections. */
function unwrap(value: JsonObject, sections: readonly string[], left = WRAPPERS_MAX): JsonObject {
  if (left === 0) return value;
  return Object.values(value)
    .filter(isObject)
    .map((member) => unwrap(member, sections, left - 1))
    .reduce(
      (best, member) => (count(member, sections) > count(best, sections) ? member : best),
      value,
    );
}

function count(value: JsonObject, sections: readonly string[]): number {
  return sections.filter((section) => Object.hasOwn(value, section)).length;
}

/** The blocks that edge-compatible clients parse are the first of each tag, so ours are too. */
function parseProseAnswer(
  { sections }: Pick<Agent, "sections">,
  { text, isWhole }: ModelText,
): ParsedOutput {
  const filter = newProseFilter();
  const message = (filter.push(text) + filter.end()).trim();
  const members = new Map<string, unknown>([["message", message]]);
  const findings: Finding[] = [];
  let rung: Rung = "parsed";

  for (const { tag, body } of filter.blocks) {
    const block = readBlock({ tag, body }, { sections, members, isWhole });
    if ("message" in block) {
      findings.push(block);
      continue;
    }
    members.set(tag, block.value);
    findings.push(...repairFindings(tag, block.rung));
    if (block.rung === "repaired") rung = "repaired";
  }
  return { kind: "parsed", value: Object.fromEntries(members), rung, findings };
}

interface BlockRules {
  readonly sections: readonly string[];
  readonly members: ReadonlyMap<string, unknown>;
  readonly isWhole: boolean;
}

/** The block's object, or why it is left out. Only what cannot be read is missed by anybody. */
function readBlock({ tag, body }: TaggedBlock, rules: BlockRules): ParsedObject | Finding {
  const leftOut = (message: string, fixed: boolean): Finding => {
    return { kind: "json", path: tag, message, fixed };
  };
  if (!rules.sections.includes(tag)) {
    return leftOut("A block with an unknown tag was left out.", true);
  }
  if (rules.members.has(tag)) {
    return leftOut("A further block with the same tag was left out.", true);
  }
  const parsed = parseObject([body], { mayRepair: rules.isWhole, sections: [] });
  return parsed ?? leftOut("A block that is not valid JSON was left out.", false);
}

function repairFindings(path: string, rung: Rung): readonly Finding[] {
  if (rung === "parsed") return [];
  const message = "The JSON was malformed and has been repaired.";
  return [{ kind: "json", path, message, fixed: true }];
}

interface Search {
  readonly mayRepair: boolean;
  readonly sections: readonly string[];
}

/** The fullest object that there is; a repair only where none as it stands holds any section. */
function parseObject(
  texts: readonly string[],
  { mayRepair, sections }: Search,
): ParsedObject | null {
  const whole = fullest(
    texts.map((text) => readObject(() => text)),
    sections,
  );
  const isAnswer = whole && (sections.length === 0 || count(unwrap(whole, sections), sections) > 0);
  if (isAnswer || !mayRepair) return whole && { value: whole, rung: "parsed" };
  // A repair makes a string of anything; only what already looks like an object is one.
  const candidates = texts.filter((text) => text.startsWith("{"));
  const repaired = fullest(
    candidates.map((text) => readObject(() => jsonrepair(text))),
    sections,
  );
  if (repaired) return { value: repaired, rung: "repaired" };
  return whole && { value: whole, rung: "parsed" };
}

/** Of two that are as full the later: a model that answers twice means the second. */
function fullest(
  objects: readonly (JsonObject | null)[],
  sections: readonly string[],
): JsonObject | null {
  const countOf = (value: JsonObject) => count(unwrap(value, sections), sections);
  return objects
    .filter((value) => value !== null)
    .reduce<JsonObject | null>(
      (best, value) => (best && countOf(best) > countOf(value) ? best : value),
      null,
    );
}

function readObject(read: () => string): JsonObject | null {
  try {
    const value = toWellFormedValue(JSON.parse(read()));
    return isObject(value) ? value : null;
  } catch {
    // Not JSON, beyond repair or nested too deep: a normal outcome, the other texts may be better.
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * From the model's text to a candidate for the output schema.
 *
 * Models fence their JSON, announce it, wrap it in its own name and forget commas. What was asked
 * for is looked for, first as it stands, then repaired; a repair invents an ending for what was
 * cut off, so it is only tried on an answer that the model itself ended.
 */
import { jsonrepair } from "jsonrepair";
import type { Agent, Finding } from "./agent.ts";
import { newProseFilter, type TaggedBlock } from "./prose-filter.ts";
import { toWellFormedValue } from "./well-formed-text.ts";

export type ParsedOutput =
  | {
      readonly kind: "parsed";
      readonly value: Readonly<Record<string, unknown>>;
      /** How far one had to go: `repaired` is worth a look at the prompt. */
      readonly rung: Rung;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: "unparsable"; readonly message: string };

type Rung = "parsed" | "repaired";
type JsonObject = Readonly<Record<string, unknown>>;
type ParsedObject = { readonly value: JsonObject; readonly rung: Rung };

export interface ModelText {
  readonly text: string;
  /** The model ended its answer itself. */
  readonly isWhole: boolean;
}

export function parseOutput(
  agent: Pick<Agent, "reply" | "tag" | "sections">,
  answer: ModelText,
): ParsedOutput {
  return agent.reply === "json" ? parseJsonAnswer(agent, answer) : parseProseAnswer(agent, answer);
}

function parseJsonAnswer(
  { tag, sections }: Pick<Agent, "tag" | "sections">,
  { text, isWhole }: ModelText,
): ParsedOutput {
  const parsed = parseObject(objectsIn(text), isWhole);
  if (!parsed) {
    const message = text.includes("{")
      ? "The answer holds no JSON object that can be read."
      : "The answer holds no JSON object.";
    return { kind: "unparsable", message };
  }
  const value = unwrap(parsed.value, tag, sections);
  return { kind: "parsed", value, rung: parsed.rung, findings: repairFindings("", parsed.rung) };
}

/** Where an object may stand, best place first: a fenced block, then the outermost braces. */
function objectsIn(text: string): string[] {
  const fenced = [...text.matchAll(/```[^\n`]*\n([\s\S]*?)(?:\n[ \t]*```|$)/g)]
    .map((match) => match[1]?.trim() ?? "")
    .filter((body) => body.startsWith("{"));
  const first = text.indexOf("{");
  if (first < 0) return fenced;
  const last = text.lastIndexOf("}");
  return [...fenced, text.slice(first, last > first ? last + 1 : undefined)];
}

/** A model that was asked for a plan may answer `{"plan": {…}}`. */
function unwrap(value: JsonObject, tag: string | null, sections: readonly string[]): JsonObject {
  const [only, ...others] = Object.keys(value);
  if (only === undefined || others.length > 0) return value;
  if (only !== tag || sections.includes(only)) return value;
  const inner = value[only];
  return isObject(inner) ? inner : value;
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
    if (typeof block === "string") {
      findings.push({ kind: "json", path: tag, message: block, fixed: true });
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

/** The block's object, or the reason why it is left out. */
function readBlock({ tag, body }: TaggedBlock, rules: BlockRules): ParsedObject | string {
  if (!rules.sections.includes(tag)) return "A block with an unknown tag was left out.";
  if (rules.members.has(tag)) return "A further block with the same tag was left out.";
  return parseObject([body], rules.isWhole) ?? "A block that is not valid JSON was left out.";
}

function repairFindings(path: string, rung: Rung): readonly Finding[] {
  if (rung === "parsed") return [];
  const message = "The JSON was malformed and has been repaired.";
  return [{ kind: "json", path, message, fixed: true }];
}

function parseObject(texts: readonly string[], mayRepair: boolean): ParsedObject | null {
  for (const text of texts) {
    const value = readObject(() => text);
    if (value) return { value, rung: "parsed" };
  }
  for (const text of mayRepair ? texts : []) {
    // A repair makes a string of anything; only what already looks like an object is one.
    const value = text.startsWith("{") ? readObject(() => jsonrepair(text)) : null;
    if (value) return { value, rung: "repaired" };
  }
  return null;
}

function readObject(read: () => string): JsonObject | null {
  try {
    const value = toWellFormedValue(JSON.parse(read()));
    return isObject(value) ? value : null;
  } catch {
    // Not JSON, beyond repair or nested too deep: a normal outcome, the next text is tried.
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

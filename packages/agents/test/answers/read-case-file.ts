/**
 * Reads a file of answers. Such a file is one whole answer, with what must happen to it, and variants
 * of it: each a list of edits that make another whole answer. README.md describes the format.
 */

type Kind = "honest" | "slip" | "planted";
export type Outcome = "completed" | "normalized" | "warned" | "repaired" | "refused";

/** A value that must be saved. `as answer` of a file stands for all values of its first answer. */
export interface SavedValue {
  readonly path: string;
  readonly value: unknown;
}

export interface AnswerCase {
  /** Such as `plan-90day/northpine#fenced`; without `#` for the first answer of a file. */
  readonly name: string;
  readonly about: string;
  readonly agent: string;
  readonly workspace: string;
  readonly payload: unknown;
  readonly family: string;
  readonly kind: Kind;
  /** What was planted. */
  readonly fault: string | null;
  readonly expected: readonly Outcome[];
  readonly saved: readonly SavedValue[];
  /** The case whose saved rows must come out; null if none. */
  readonly savedAs: string | null;
  /** A finding that names the planted fault. */
  readonly sees: RegExp | null;
  /** Texts that no saved row may contain. */
  readonly without: readonly string[];
  /** Texts that readers may not see. */
  readonly hidden: readonly string[];
  readonly end: "stop" | "length";
  readonly text: string;
}

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const HEADER = /^(?<key>[a-z]+): (?<value>.*)$/;
const SECTION = /^--- (?<title>.+) ---$/;

/** The cases of a file; `name` is its path without the ending. Throws for an edit that fits nothing. */
export function readCaseFile(name: string, content: string): readonly AnswerCase[] {
  const [head, answer, ...variants] = toSections(content);
  if (!head || answer?.title !== "answer") throw new Error(`${name}: the answer is missing.`);
  const shared = readHeader(head.lines);
  const text = answer.lines.join("\n").trim();
  const first = toCase(name, shared, text);
  return [
    first,
    ...variants.map(({ title, lines }) => {
      const variant = `${name}#${title.replace(/^variant /, "")}`;
      const own = readHeader(lines);
      const inherited = new Map(
        ["workspace", "payload"].map((key) => [key, shared.get(key) ?? []]),
      );
      const header = new Map([...inherited, ...own]);
      return toCase(variant, header, toVariant(variant, text, { lines, header }));
    }),
  ];
}

function toSections(content: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = [{ title: "", lines: [] }];
  for (const line of content.split("\n")) {
    const title = SECTION.exec(line)?.groups?.["title"];
    if (title === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title, lines: [] });
  }
  return sections;
}

type Header = ReadonlyMap<string, readonly string[]>;

function readHeader(lines: readonly string[]): Header {
  const header = new Map<string, string[]>();
  for (const line of lines) {
    const { key, value = "" } = HEADER.exec(line)?.groups ?? {};
    if (key !== undefined) header.set(key, [...(header.get(key) ?? []), value.trim()]);
  }
  return header;
}

function toCase(name: string, header: Header, text: string): AnswerCase {
  const one = (key: string) => header.get(key)?.[0] ?? null;
  const needed = (key: string) => one(key) ?? missing(name, key);
  const saved = header.get("saved") ?? [];
  return {
    name,
    text,
    about: needed("about"),
    agent: name.split("/")[0] ?? "",
    workspace: needed("workspace"),
    payload: JSON.parse(needed("payload")),
    family: needed("family"),
    kind: oneOf(["honest", "slip", "planted"], needed("kind"), name),
    fault: one("fault"),
    expected: needed("expect")
      .split(" ")
      .map((word) => oneOf(OUTCOMES, word, name)),
    saved: saved.filter((line) => line !== "as answer").map(toSavedValue),
    savedAs: saved.includes("as answer") ? (name.split("#")[0] ?? null) : null,
    sees: one("sees") === null ? null : new RegExp(needed("sees")),
    without: header.get("without") ?? [],
    hidden: header.get("hidden") ?? [],
    end: one("end") === "length" ? "length" : "stop",
  };
}

const OUTCOMES = ["completed", "normalized", "warned", "repaired", "refused"] as const;

function missing(name: string, key: string): never {
  throw new Error(`${name}: ${key} is missing.`);
}

function oneOf<Word extends string>(words: readonly Word[], word: string, name: string): Word {
  const found = words.find((one) => one === word);
  if (found === undefined) throw new Error(`${name}: ${word} is none of ${words.join(", ")}.`);
  return found;
}

function toSavedValue(line: string): SavedValue {
  const [path = "", value = ""] = line.split(" = ");
  return { path, value: JSON.parse(value) };
}

interface Variant {
  readonly lines: readonly string[];
  readonly header: Header;
}

function toVariant(name: string, answer: string, { lines, header }: Variant): string {
  let text = answer;
  for (const edit of toEdits(lines)) text = applyEdit(name, text, edit);
  const cut = header.get("cut")?.[0];
  if (cut !== undefined) text = text.slice(0, placeOf(name, text, cut));
  const marked = (mark: string) =>
    lines.filter((line) => line === mark || line.startsWith(`${mark} `)).map(withoutMark);
  return [...marked("^"), text, ...marked("$")].join("\n");
}

type Edit =
  | { readonly kind: "replace"; readonly old: string; readonly replacement: string }
  | { readonly kind: "pattern"; readonly pattern: RegExp; readonly replacement: string };

/** Lines with `-` and the lines with `+` behind them are one replacement. */
function toEdits(lines: readonly string[]): readonly Edit[] {
  const edits: Edit[] = [];
  let old: string[] = [];
  let replacement: string[] = [];
  const flush = () => {
    if (old.length > 0) {
      edits.push({ kind: "replace", old: old.join("\n"), replacement: replacement.join("\n") });
    }
    [old, replacement] = [[], []];
  };
  for (const line of lines) {
    if (/^-(?: |$)/.test(line)) {
      if (replacement.length > 0) flush();
      old.push(withoutMark(line));
    } else if (/^\+(?: |$)/.test(line)) {
      replacement.push(withoutMark(line));
    } else {
      flush();
      if (line.startsWith("s /")) edits.push(toPattern(line));
    }
  }
  flush();
  return edits;
}

function withoutMark(line: string): string {
  return line.slice(2).trimEnd();
}

/** `s /pattern/replacement/`. In the replacement, ⏎ is a line break and ␍ a carriage return. */
function toPattern(line: string): Edit {
  const [, pattern = "", replacement = ""] = line.split(/(?<!\\)\//);
  return {
    kind: "pattern",
    pattern: new RegExp(pattern, "g"),
    replacement: replacement
      .replaceAll("\\/", "/")
      .replaceAll("\\$", "$$$$")
      .replaceAll("␍", "\r")
      .replaceAll("⏎", "\n"),
  };
}

function applyEdit(name: string, text: string, edit: Edit): string {
  if (edit.kind === "pattern") {
    const changed = text.replace(edit.pattern, edit.replacement);
    if (changed === text) throw new Error(`${name}: ${edit.pattern} is not in the answer.`);
    return changed;
  }
  const at = placeOf(name, text, edit.old);
  return text.slice(0, at) + edit.replacement + text.slice(at + edit.old.length);
}

function placeOf(name: string, text: string, part: string): number {
  const at = text.indexOf(part);
  if (at === -1) throw new Error(`${name}: “${part}” is not in the answer.`);
  if (text.includes(part, at + 1)) throw new Error(`${name}: “${part}” is there more than once.`);
  return at;
}

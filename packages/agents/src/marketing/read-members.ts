/**
 * Reads the members of an answer that a model spelled in its own way, before the schema sees them.
 *
 * What has one reading in any supported language is read, with a finding. A number that may be two is
 * decided by the rest of the answer, else by the language, and then the finding stays open: no number
 * changes in silence. What cannot be read stays for the schema to refuse, unless it is decorative.
 */
import { z } from "zod";
import { doubt, type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { toPath } from "../agent/to-path.ts";
import { type Doubt, decideDoubts, newNotation, type SumRule } from "./decide-doubts.ts";
import { languageOf } from "./languages/languages.ts";
import { type Holds, memberKinds, readingsOf } from "./member-kinds.ts";
import { readDate } from "./read-date.ts";
import { toPlainWord } from "./read-word.ts";

export interface ReadingRules {
  readonly workspace: { readonly language: string; readonly currency: string };
  /** The first day that a date without a year may mean; without it, there are none. */
  readonly from?: string;
  /** Which amounts must add up to what. */
  readonly sums?: readonly SumRule[];
}

interface Setting extends Pick<ReadingRules, "workspace"> {
  readonly today: string;
}

/** The `read` of an agent whose money adds up as `sums` say, whatever its context. */
export function readerOf(schema: z.ZodType, sums: readonly SumRule[] = []) {
  return (answer: unknown, { workspace, today }: Setting): Fitted<unknown> =>
    readMembers(schema, answer, { workspace, from: today, sums });
}

/** What was found so far, and how the answer writes its numbers. */
interface Sink {
  readonly rules: ReadingRules;
  readonly findings: Finding[];
  readonly doubts: Doubt[];
  readonly notation: ReturnType<typeof newNotation>;
  readonly left: { texts: number; doubts: number };
}

/** Ten times the numbers of a long answer. Later ones stay as they are, for the schema to refuse. */
const TEXTS_MAX = 2_000;
/** Each is compared with all others. */
const DOUBTS_MAX = 200;

type Path = readonly PropertyKey[];

/** Characters that a finding quotes. */
const QUOTED_MAX = 60;

export function readMembers(
  schema: z.ZodType,
  answer: unknown,
  rules: ReadingRules,
): Fitted<unknown> {
  const sink: Sink = {
    rules,
    findings: [],
    doubts: [],
    notation: newNotation(),
    left: { texts: TEXTS_MAX, doubts: DOUBTS_MAX },
  };
  const read = walk(schema, answer, [], sink);
  const language = languageOf(rules.workspace.language);
  const decided = decideDoubts(read, sink.doubts, { ...sink, language, sums: rules.sums ?? [] });
  return fitted(decided.value, ...sink.findings, ...decided.findings);
}

function walk(schema: z.core.$ZodType, value: unknown, path: Path, sink: Sink): unknown {
  const { reads, isDecorative } = memberKinds.get(schema) ?? {};
  if (isDecorative) return readDecorative(schema, value, path, sink);
  if (reads && typeof value === "string") {
    sink.left.texts -= 1;
    if (sink.left.texts < 0) return value;
    if (reads.as === "number") return readNumber(value, reads.holds, path, sink);
    if (reads.as === "word") return readAs(value, reads.reader(value), path, sink);
    const { workspace, from } = sink.rules;
    const date = readDate(value, languageOf(workspace.language), from);
    return readAs(value, date, path, sink);
  }
  return reads ? value : walkInto(schema, value, path, sink);
}

/** The wrappers of a schema say nothing of how its text is read. */
function walkInto(schema: z.core.$ZodType, value: unknown, path: Path, sink: Sink): unknown {
  if (schema instanceof z.ZodObject) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const members = Object.entries(value).map(([name, member]) => {
      const inner: z.core.$ZodType | undefined = Object.hasOwn(schema.shape, name)
        ? schema.shape[name]
        : undefined;
      return [name, inner ? walk(inner, member, [...path, name], sink) : member] as const;
    });
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (schema instanceof z.ZodArray) {
    if (!Array.isArray(value)) return value;
    return value.map((item, i) => walk(schema.element, item, [...path, i], sink));
  }
  // What `finish` sets is read as far as it can be, and nobody needs to know.
  if (schema instanceof z.ZodCatch) {
    return walk(schema.unwrap(), value, path, { ...sink, findings: [], doubts: [] });
  }
  if (schema instanceof z.ZodPipe) {
    return walk(schema.in instanceof z.ZodTransform ? schema.out : schema.in, value, path, sink);
  }
  const isWrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional;
  return isWrapper ? walk(schema.unwrap(), value, path, sink) : value;
}

function readDecorative(schema: z.core.$ZodType, value: unknown, path: Path, sink: Sink): unknown {
  const before = sink.doubts.length;
  const read = walkInto(schema, value, path, sink);
  // A number with two readings is one when they have been decided.
  if (sink.doubts.length > before || z.safeParse(schema, read).success) return read;
  const written = quote(typeof read === "string" ? read : JSON.stringify(read));
  sink.findings.push(doubt("normalized", toPath(path), `${written} could not be read: left out.`));
  return undefined;
}

function readNumber(written: string, holds: Holds, path: Path, sink: Sink): unknown {
  const readings = readingsOf(written, holds);
  if (readings === null) return written;
  const { values, number, usual } = readings;
  sink.notation.note(written, number);
  noteCurrency(written, number.currency, path, sink);
  if (values.length === 2) {
    sink.left.doubts -= 1;
    if (sink.left.doubts < 0) return written;
    sink.doubts.push({ path, written, values, usual, mark: number.mark ?? "." });
    return written;
  }
  const [value] = values;
  if (written.trim() !== String(value)) noteReading(written, String(value), path, sink);
  return value;
}

function readAs(written: string, read: string | null, path: Path, sink: Sink): unknown {
  if (read === null) return written;
  const isSame = toPlainWord(written) === toPlainWord(read) || written.trim().startsWith(read);
  if (!isSame) noteReading(written, read, path, sink);
  return read;
}

function noteReading(written: string, read: string, path: Path, { findings }: Sink): void {
  findings.push(fixed("normalized", toPath(path), `${quote(written)} was read as ${read}.`));
}

/** A dollar may be one of several currencies. */
const DOLLARS: ReadonlySet<string> = new Set(["USD", "CAD", "AUD", "MXN", "NZD", "SGD", "HKD"]);

function noteCurrency(written: string, currency: string | null, path: Path, sink: Sink): void {
  const { currency: own } = sink.rules.workspace;
  if (currency === null || currency === own || (currency === "$" && DOLLARS.has(own))) return;
  const message = `${quote(written)} is not in ${own}, the currency of the workspace. Give it in ${own}.`;
  sink.findings.push(open("normalized", toPath(path), message));
}

function quote(text: string): string {
  const shown = text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX).trimEnd()}…` : text;
  return `“${shown}”`;
}

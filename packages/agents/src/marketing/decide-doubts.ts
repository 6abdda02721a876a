/**
 * Decides between the two readings of “1.200”, from the nearest evidence to the farthest: what it must
 * add up to, what such a number usually is, the numbers beside it, and how the answer writes its other
 * numbers. Without any evidence the language decides, and the finding stays open: as a doubt where its
 * speakers read thousands, else as one that the model is asked about.
 */
import { doubt, type Finding, fixed, open } from "../agent/finding.ts";
import type { Fitted } from "../agent/fitted.ts";
import { toPath } from "../agent/to-path.ts";
import { sum } from "./apportion.ts";
import type { Language } from "./languages/language.ts";
import type { NumberText } from "./read-number.ts";

type Mark = "." | ",";
type Path = readonly PropertyKey[];

/** A number with two readings. */
export interface Doubt {
  readonly path: Path;
  readonly written: string;
  readonly values: readonly [grouped: number, decimal: number];
  /** The value that a number of its kind usually has; null if it may have both. */
  readonly usual: number | null;
  readonly mark: Mark;
}

/** Amounts that add up. Paths are written with `[]` for any item: `stages[].budget_allocation`. */
export interface SumRule {
  readonly parts: readonly string[];
  /** The place of the total, or the total. */
  readonly total: string | number;
  /** The parts need not use up the total. */
  readonly isLimit?: boolean;
}

interface Evidence {
  readonly language: Language;
  readonly sums: readonly SumRule[];
  readonly notation: Notation;
}

/** Parts are rounded to readable numbers. */
const SUM_TOLERANCE = 0.02;
/** Parts that use less of their limit are of another size. */
const SHARE_MIN = 0.05;
/** Numbers that differ by more are no neighbours. */
const NEAR_FACTOR = 10;

export function decideDoubts(
  answer: unknown,
  doubts: readonly Doubt[],
  evidence: Evidence,
): Fitted<unknown> {
  const bySum = doubtsInSums(answer, doubts, evidence.sums);
  const first = doubts.map((doubt) => {
    const grouped = bySum.get(doubt) ?? groupedByItself(doubt, answer);
    if (grouped !== null) evidence.notation.noteMark(doubt.mark, grouped);
    return grouped;
  });
  const decided = doubts.map((one, i) => {
    const proven = first[i] ?? evidence.notation.isGrouping(one.mark);
    const isGrouped = proven ?? one.mark !== evidence.language.decimalMark;
    const read = one.values[isGrouped ? 0 : 1];
    const finding = proven === null ? tellOfDoubt(one, isGrouped) : tellOf(one, read);
    return { place: toPath(one.path), read, finding };
  });
  if (decided.length === 0) return { value: answer, findings: [] };
  const values = new Map(decided.map(({ place, read }) => [place, read]));
  return { value: withValues(answer, values), findings: decided.map(({ finding }) => finding) };
}

function tellOf({ path, written }: Doubt, read: number): Finding {
  return fixed("normalized", toPath(path), `“${written}” was read as ${read}.`);
}

function tellOfDoubt({ path, written, values }: Doubt, isGrouped: boolean): Finding {
  const read = values[isGrouped ? 0 : 1];
  const message = `“${written}” may be ${values[0]} or ${values[1]}; it was read as ${read}. Give it as a number, without separators of thousands.`;
  return (isGrouped ? doubt : open)("normalized", toPath(path), message);
}

/** Whether the mark groups thousands; null if nothing near it says so. */
function groupedByItself(doubt: Doubt, answer: unknown): boolean | null {
  if (doubt.usual !== null) return doubt.usual === doubt.values[0];
  const neighbours = neighboursOf(doubt, answer);
  const isNear = (value: number) =>
    neighbours.some((one) => Math.max(one / value, value / one) <= NEAR_FACTOR);
  const [grouped, decimal] = doubt.values.map(Math.abs).map(isNear);
  return grouped === decimal ? null : grouped === true;
}

/** Members that are measured alike. */
const ALIKE = new Set(["current_value", "target_value", "gap", "baseline", "goal", "value"]);

/** The numbers in the same object that are measured alike. */
function neighboursOf({ path }: Doubt, answer: unknown): readonly number[] {
  const beside = getAt(answer, path.slice(0, -1));
  if (!ALIKE.has(String(path.at(-1)))) return [];
  if (typeof beside !== "object" || beside === null) return [];
  return Object.entries(beside).flatMap(([name, one]) =>
    ALIKE.has(name) && typeof one === "number" && one !== 0 ? [Math.abs(one)] : [],
  );
}

/** All doubts of one sum have one notation: the one in which it is right. */
function doubtsInSums(
  answer: unknown,
  doubts: readonly Doubt[],
  rules: readonly SumRule[],
): ReadonlyMap<Doubt, boolean> {
  const decided = new Map<Doubt, boolean>();
  if (doubts.length === 0) return decided;
  const byPlace = new Map(doubts.map((doubt) => [toPath(doubt.path), doubt]));
  for (const rule of rules) {
    const parts = rule.parts.flatMap((pattern) => placesAt(answer, pattern)).map(toPart);
    const total = typeof rule.total === "number" ? { value: rule.total } : totalAt(rule.total);
    const own = [...parts, total].flatMap(({ doubt }) => doubt ?? []);
    const fits = (grouped: boolean) =>
      addsUp(sum(parts.map((part) => valueAs(part, grouped))), valueAs(total, grouped), rule);
    const isGrouped = fits(true);
    if (isGrouped === fits(false)) continue;
    for (const doubt of own) if (!decided.has(doubt)) decided.set(doubt, isGrouped);
  }
  return decided;

  function toPart({ path, value }: Place): Part {
    return { value, doubt: byPlace.get(toPath(path)) };
  }
  function totalAt(pattern: string): Part {
    const [place] = placesAt(answer, pattern);
    return place ? toPart(place) : { value: null };
  }
}

/** A part of a sum, or the total. */
interface Part {
  readonly value: unknown;
  readonly doubt?: Doubt | undefined;
}

function valueAs({ value, doubt }: Part, grouped: boolean): number {
  return doubt ? doubt.values[grouped ? 0 : 1] : Number(value ?? Number.NaN);
}

function addsUp(parts: number, total: number, { isLimit = false }: SumRule): boolean {
  if (!(total > 0)) return false;
  const share = parts / total;
  if (isLimit) return share >= SHARE_MIN && share <= 1 + SUM_TOLERANCE;
  return Math.abs(share - 1) <= SUM_TOLERANCE;
}

type Notation = ReturnType<typeof newNotation>;

/** How an answer writes its numbers: what each mark did where it could do only one thing. */
export function newNotation() {
  const seen = { ".": new Set<boolean>(), ",": new Set<boolean>() };
  return {
    /** A number with one reading: a mark that is there once precedes decimals. */
    note(written: string, { grouped }: NumberText): void {
      const mark = /[.,](?=[^.,]*$)/.exec(written)?.[0];
      if (grouped !== undefined || mark === undefined) return;
      const [own, other] = mark === "," ? ([",", "."] as const) : ([".", ","] as const);
      const isDecimal = written.split(own).length === 2;
      seen[own].add(!isDecimal);
      seen[other].add(isDecimal);
    },
    noteMark(mark: Mark, isGrouping: boolean): void {
      seen[mark].add(isGrouping);
    },
    /** Null if nothing was seen, or both. */
    isGrouping(mark: Mark): boolean | null {
      const [only = null, other] = seen[mark];
      return other === undefined ? only : null;
    },
  };
}

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** All places of a path such as `stages[].budget_allocation`. */
function placesAt(answer: unknown, pattern: string): readonly Place[] {
  return pattern
    .replaceAll("[]", ".[]")
    .split(".")
    .reduce<readonly Place[]>(
      (places, key) =>
        places.flatMap(({ path, value }) => {
          if (key === "[]") {
            return Array.isArray(value)
              ? value.map((item: unknown, i) => ({ path: [...path, i], value: item }))
              : [];
          }
          const inner = getAt(value, [key]);
          return inner === undefined ? [] : [{ path: [...path, key], value: inner }];
        }),
      [{ path: [], value: answer }],
    );
}

function getAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    value,
  );
}

function withValues(value: unknown, values: ReadonlyMap<string, number>, path: Path = []): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, i) => withValues(item, values, [...path, i]));
  }
  if (typeof value !== "object" || value === null) return values.get(toPath(path)) ?? value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      withValues(member, values, [...path, name]),
    ]),
  );
}

/**
 * Leaves out of a block what nobody has said: numbers, addresses, colours, fonts, competitors and
 * proof. A block becomes the evidence of every other agent, so an invention in it would prove
 * itself. The finding tells the owner, and what is missing is asked for again.
 */
import type { z } from "zod";
import { doubt, type Finding } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { toPath } from "../agent/to-path.ts";
import { proofIn } from "../marketing/claims-in.ts";
import { valuesIn } from "../marketing/read-number.ts";
import type { Said } from "./said.ts";

type Path = readonly PropertyKey[];

/** Names of the block itself, and members that state no fact. */
const KEPT =
  /^(?:brand_name|segment_name|offer_name|offer_type|status|priority_score|is_\w+|remove.*|.*currency)$/;
const NAMES = /^(?:brand_fonts\.\w+|competitors\[\d+\]\.name)$/;
const COLORS = /^brand_colors\.\w+$/;
const CODE = /^#?([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

const SENTENCE_END = /(?<=[.!?…]["“”»]?)\s+/u;
const LINK = /(?:https?:\/\/|www\.)[^\s"“”<>)]+|[\w.+-]+@[\w-]+\.[\w.]+/giu;
/** “50–65”: one end is what was said; the other is where its author draws the line. */
const RANGE = /(\d[\d.,]*)\s?(?:–|-|bis|to|à)\s?(\d[\d.,]*)/giu;
/** More claims than a sentence has. */
const COMPARISONS_MAX = 20;
/** A rival without a name of its own: “Manual planning”. */
const DESCRIPTION = /^\p{L}+(?: \p{Ll}[\p{L}-]*)+$/u;
/** “B2B” and “24/7” are words. */
const WORD_WITH_DIGITS = /\p{L}[\p{L}\d-]*\d[\p{L}\d]*|24\/7/gu;

interface Rules<Block> {
  /** The member of the answer, for the findings. */
  readonly name: string;
  /** Completes the block again where something was left out. */
  readonly schema: z.ZodType<Block>;
  readonly said: Said;
}

export function keepSaid<Block>(given: Block, { name, schema, said }: Rules<Block>): Fitted<Block> {
  const findings: Finding[] = [];
  const tell = (path: Path, invented: string) => {
    const message = `Left out: nobody has said “${invented}”. Ask the owner for it.`;
    findings.push(doubt("claim", toPath([name, ...path]), message));
    return null;
  };
  const kept = keepValue(given, [], { said, tell });
  return findings.length === 0 ? fitted(given) : fitted(schema.parse(kept), ...findings);
}

interface Judge {
  readonly said: Said;
  /** Returns null, which takes the place of what is left out. */
  readonly tell: (path: Path, invented: string) => null;
}

function keepValue(value: unknown, path: Path, judge: Judge): unknown {
  if (KEPT.test(toPath(path))) return value;
  if (typeof value === "number") {
    return judge.said.hasNumber(value) ? value : judge.tell(path, String(value));
  }
  if (typeof value === "string") return keepText(value, path, judge);
  if (Array.isArray(value)) {
    return value.map((item, i) => keepValue(item, [...path, i], judge)).filter(isPresent);
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(
    ([key, member]) => [key, keepValue(member, [...path, key], judge)] as const,
  );
  // An entry without its name is none.
  if (members.some(([key, member]) => key === "name" && member === null)) return null;
  return Object.fromEntries(members.filter(([, member]) => member !== null));
}

function keepText(text: string, path: Path, judge: Judge): string | null {
  const isStanding = ruleFor(toPath(path), judge.said);
  if (isStanding) return text === "" || isStanding(text) ? text : judge.tell(path, text);
  const sentences = text.split(SENTENCE_END);
  const kept = sentences.filter((sentence) => {
    if (isSaid(sentence, judge.said)) return true;
    judge.tell(path, sentence);
    return false;
  });
  if (kept.length === sentences.length) return text;
  return kept.length > 0 ? kept.join(" ") : null;
}

/** The rule for a text that stands or falls as a whole; null for one of sentences. */
function ruleFor(path: string, said: Said): ((text: string) => boolean) | null {
  if (path === "logo_url") return (text) => said.has(withoutScheme(text));
  if (path === "website_url") return (text) => said.has(hostOf(text));
  if (NAMES.test(path)) return (text) => DESCRIPTION.test(text) || said.hasName(text);
  if (COLORS.test(path)) return (text) => isSaidColor(text, said);
  return null;
}

function isSaid(sentence: string, said: Said): boolean {
  const links = sentence.match(LINK) ?? [];
  if (!links.every((link) => said.has(hostOf(link)))) return false;
  const rest = sentence
    .replace(LINK, " ")
    .replace(WORD_WITH_DIGITS, " ")
    .replace(RANGE, (range, from: string, to: string) =>
      [...valuesIn(`${from} ; ${to}`)].some((value) => said.hasNumber(value)) ? " " : range,
    );
  if (![...valuesIn(rest)].every((value) => said.hasNumber(value))) return false;
  return [...proofIn(sentence, said.evidence, { comparisons: COMPARISONS_MAX })].every((claim) =>
    said.hasSpokenOf(claim),
  );
}

function isSaidColor(color: string, said: Said): boolean {
  const [, code] = CODE.exec(color.trim()) ?? [];
  if (code === undefined) return said.hasName(color);
  const short = /^(.)\1(.)\2(.)\3$/.exec(code);
  const long = [...code].map((digit) => digit + digit).join("");
  return [code, long, short ? `${short[1]}${short[2]}${short[3]}` : code].some(said.has);
}

function hostOf(address: string): string {
  return withoutScheme(address).replace(/[/?#].*$/, "");
}

function withoutScheme(address: string): string {
  return address.trim().replace(/^(?:https?:\/\/)?(?:www\.)?/i, "");
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== "";
}

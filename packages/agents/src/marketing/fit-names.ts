/**
 * Names of segments and offers in an answer, held to those that the workspace has.
 *
 * A name in another spelling is written as the workspace writes it. One that nobody knows stays
 * until the model has been asked; where there are none to be known, a list of them is empty.
 */
import { type Finding, fixed, open } from "../agent/finding.ts";

export interface NameRules {
  readonly kind: "segment" | "offer";
  readonly known: readonly string[];
  /** Where in the output the names stand. */
  readonly path: string;
  readonly told: Finding[];
}

const NAMED_MAX = 12;

/** The same array if it is right as it is. */
export function fitNames(given: readonly string[], rules: NameRules): string[] {
  const { kind, known, path, told } = rules;
  if (known.length === 0) {
    if (given.length > 0) told.push(fixed("reference", path, `Emptied: no ${kind} is known yet.`));
    return [];
  }
  const names = given.map((name) => fitName(name, rules)).filter((name) => name !== "");
  const different = [...new Set(names)];
  if (different.length < given.length) {
    told.push(fixed("duplicate", path, "Repeated and empty names were left out."));
  }
  return different;
}

/**
 * One name, which may be empty. Where none is known it is a description of those whom the answer
 * assumes, and stays.
 */
export function fitName(given: string, { kind, known, path, told }: NameRules): string {
  if (given === "" || known.length === 0 || known.includes(given)) return given;
  const name = known.find((one) => toKey(one) === toKey(given));
  if (name !== undefined) {
    told.push(fixed("reference", path, `“${given}” is written as the workspace writes it.`));
    return name;
  }
  told.push(
    open(
      "reference",
      path,
      `“${given}” is no ${kind} of this workspace. Use an exact name, or leave it out. There are: ${listOf(known)}.`,
    ),
  );
  return given;
}

/** What two spellings of one name have in common. */
export function toKey(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_MAX).map((name) => `“${name}”`);
  if (names.length > NAMED_MAX) shown.push(`${names.length - NAMED_MAX} more`);
  return shown.join(", ");
}

/**
 * Fits the names of segments and offers in an answer to those of the workspace.
 *
 * A name in another spelling gets the workspace's spelling. An unknown name stays until the model
 * has been asked. If the workspace has no names, a list of names is emptied.
 */
import { fixed, open } from "../agent/finding.ts";
import { type Fitted, fitEach, fitted } from "../agent/fitted.ts";

export interface NameRules {
  readonly kind: "segment" | "offer";
  readonly known: readonly string[];
  /** The place of the names in the output. */
  readonly path: string;
}

/** Characters of a name that are compared. The database refuses longer ones. */
const NAME_MAX = 500;
/** Names that a finding lists before it only counts them. */
const NAMED_MAX = 12;

export function fitNames(given: readonly string[], rules: NameRules): Fitted<string[]> {
  const { kind, known, path } = rules;
  if (known.length === 0) {
    if (given.length === 0) return fitted([]);
    return fitted([], fixed("reference", path, `Emptied: no ${kind} is known yet.`));
  }
  const { value, findings } = fitEach(given, (name) => fitName(name, rules));
  const different = [...new Set(value.filter((name) => name !== ""))];
  if (different.length === given.length) return fitted(different, ...findings);
  const message = "Repeated and empty names were left out.";
  return fitted(different, ...findings, fixed("duplicate", path, message));
}

/**
 * Fits one name, which may be empty. If the workspace has no names, the name describes an
 * assumption of the answer and stays.
 */
export function fitName(given: string, { kind, known, path }: NameRules): Fitted<string> {
  if (given === "" || known.length === 0 || known.includes(given)) return fitted(given);
  const key = toKey(given.slice(0, NAME_MAX));
  const name = known.find((one) => toKey(one) === key);
  if (name !== undefined) {
    const message = `“${given}” is written as the workspace writes it.`;
    return fitted(name, fixed("reference", path, message));
  }
  const message = `“${given}” is no ${kind} of this workspace. Use an exact name, or leave it out. There are: ${listOf(known)}.`;
  return fitted(given, open("reference", path, message));
}

/** A key that is equal for all spellings of one name. */
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

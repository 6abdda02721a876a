import type { GuaranteeId } from "../guarantees.ts";
import { changeBelow, guaranteesOf } from "./markers.ts";

/**
 * A deliberate breakage: the code that protects a guarantee is put out of action, and a named test
 * must fail. A guarantee whose code can be removed without a failing test is not tested.
 */
export type Sabotage = MarkedSabotage | FoundSabotage;

interface Common {
  /** Kebab-case, says what is broken. */
  readonly id: string;
  /** From the repository's root. */
  readonly file: string;
  readonly red: NamedTest;
}

/** The code stands below a marker comment, such as `// guards G5: append`. */
interface MarkedSabotage extends Common {
  /** The marker without its `guards`. It names the guarantees, and is unique within the file. */
  readonly guards: string;
  /** How many lines below the marker are changed; one if absent. */
  readonly lines?: number;
  /** Receives the lines below the marker. */
  readonly change: (code: string) => string;
}

/** The code is found by its text, where its file may not be changed. */
interface FoundSabotage extends Common {
  readonly guarantees: readonly GuaranteeId[];
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface NamedTest {
  readonly project: "unit" | "integration" | "e2e";
  readonly file: string;
  /** The test's own name, or a part of it that no other test of the file has. */
  readonly name: string;
}

export function guaranteesBrokenBy(sabotage: Sabotage): readonly GuaranteeId[] {
  return "guards" in sabotage ? guaranteesOf(sabotage.guards) : sabotage.guarantees;
}

/** The file with the code broken. Throws when the code is not found, or more than once. */
export function breakCode(text: string, sabotage: Sabotage): string {
  try {
    if (!("guards" in sabotage)) return swap(sabotage.find, sabotage.replace)(text);
    const { guards, lines = 1, change } = sabotage;
    return changeBelow(text, { name: guards, lines }, change);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${sabotage.id}: ${sabotage.file}: ${reason}`);
  }
}

export const remove = (): string => "";

export function becomes(code: string): () => string {
  return () => code;
}

export function precededBy(code: string): (old: string) => string {
  return (old) => `${code}\n${old}`;
}

/** Replaces a part of the code, which must occur exactly once. */
export function swap(part: string | RegExp, replacement: string): (code: string) => string {
  return (code) => {
    const around = code.split(part);
    if (around.length === 2) return around.join(replacement);
    throw new Error(`"${part}" is there ${around.length - 1} times instead of once.`);
  };
}

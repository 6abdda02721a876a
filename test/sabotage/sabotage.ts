import type { GuaranteeId } from "../guarantees.ts";
import { changeBelow, guaranteesOf } from "./markers.ts";

/**
 * A deliberate breakage: the code that protects a guarantee is put out of action, and a named test
 * must fail. A guarantee whose code can be removed without a failing test is not tested.
 */
export interface Sabotage {
  /** Kebab-case, says what is broken. */
  readonly id: string;
  /** From the repository's root. */
  readonly file: string;
  /**
   * The marker comment above the code, such as `// guards G5: append`, without its `guards`. It names
   * the guarantees, and is unique within the file.
   */
  readonly guards: string;
  /** How many lines below the marker are changed; one if absent. */
  readonly lines?: number;
  /** Receives the lines below the marker. */
  readonly change: (code: string) => string;
  readonly red: NamedTest;
}

export interface NamedTest {
  readonly project: "unit" | "integration" | "e2e";
  readonly file: string;
  /** The test's own name, or a part of it that no other test of the file has. */
  readonly name: string;
}

export function guaranteesBrokenBy({ guards }: Sabotage): readonly GuaranteeId[] {
  return guaranteesOf(guards);
}

/** The file with the code broken. Throws when the code is not found, or more than once. */
export function breakCode(text: string, { id, file, guards, lines = 1, change }: Sabotage): string {
  try {
    return changeBelow(text, { name: guards, lines }, change);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${id}: ${file}: ${reason}`);
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

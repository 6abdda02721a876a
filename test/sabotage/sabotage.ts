import type { Invariant } from "../faults/check-history.ts";

/**
 * A deliberate breakage: one protecting line, put out of action, and the test that has to notice.
 * A guarantee whose line can be removed without a test turning red is a hope.
 */
export interface Sabotage {
  /** Kebab-case, says what is broken. */
  readonly id: string;
  /** The invariant of ARCHITECTURE.md that the line protects; null where the text names none. */
  readonly architecture: string | null;
  /**
   * What the fault tests would see broken, by their own numbers, which are others. Null for what
   * they do not look for, such as a right that somebody should not have.
   */
  readonly harness: Invariant | null;
  /** From the repository's root. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly red: NamedTest;
}

export interface NamedTest {
  readonly project: "unit" | "integration" | "e2e";
  readonly file: string;
  /** The test's own name, or the part of it that no other test of the file has. */
  readonly name: string;
}

/** The file with the line broken. Throws when the line is not there, or not alone. */
export function breakLine(text: string, { id, file, find, replace }: Sabotage): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(
      `${id}: ${file} has the line to break ${parts.length - 1} times instead of once. ` +
        "The code has moved on: find the line that protects the invariant now.",
    );
  }
  return parts.join(replace);
}

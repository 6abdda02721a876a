/** Findings: what is wrong with an answer, or was repaired, by path. */

/**
 * What a finding is about, for whoever counts them: `json` and `shape` are of the text and the
 * schema; `asked` differs from what the caller asked for; `claim` is proof that nobody gave.
 */
export type FindingKind =
  | "json"
  | "shape"
  | "asked"
  | "sum"
  | "number"
  | "date"
  | "order"
  | "length"
  | "duplicate"
  | "reference"
  | "claim"
  | "missing";

/** Something about an answer that is wrong or was put right. */
export interface Finding {
  readonly kind: FindingKind;
  readonly path: string;
  readonly message: string;
  /** True when the output is right as it stands: mended exactly, or without the part that was wrong. */
  readonly fixed: boolean;
}

export function fixed(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: true };
}

/** What no arithmetic can put right: the model is asked once, then the reader is told. */
export function open(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: false };
}

/** A finding if the value was changed, else none. */
export function fixedIf(
  changed: boolean,
  kind: FindingKind,
  path: string,
  message: string,
): readonly Finding[] {
  return changed ? [fixed(kind, path, message)] : [];
}

/** Each message once, where it was first told: one unknown name in ten places is one finding. */
export function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.kind, finding.message]);
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}

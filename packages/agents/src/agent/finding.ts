/** Findings: what is wrong with an answer or was repaired, by path. */

/**
 * The subject of a finding, for counting. `json` and `shape` concern the text and the schema,
 * `asked` a difference from the request, `claim` a proof that the data does not contain.
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

/** A defect of an answer, or its repair. */
export interface Finding {
  readonly kind: FindingKind;
  readonly path: string;
  readonly message: string;
  /** True if the output is correct now: repaired exactly, or without the defective part. */
  readonly fixed: boolean;
}

export function fixed(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: true };
}

/** A defect that no arithmetic can repair: the model is asked once, then readers see a warning. */
export function open(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: false };
}

/** One finding if the value was changed, otherwise none. */
export function fixedIf(
  changed: boolean,
  kind: FindingKind,
  path: string,
  message: string,
): readonly Finding[] {
  return changed ? [fixed(kind, path, message)] : [];
}

/** Each message once, at its first place: one unknown name in ten places is one finding. */
export function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.kind, finding.message]);
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}

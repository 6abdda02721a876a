/** Findings: what is wrong with an answer or was repaired, by path. */

/**
 * The subject of a finding, for counting. `json` and `shape` concern the text and the schema,
 * `asked` a difference from the request, `claim` a proof that the data does not contain, and
 * `normalized` a member that was spelled in another way than asked for.
 */
export type FindingKind =
  | "json"
  | "shape"
  | "normalized"
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

/** A defect of an answer, its repair, or a doubt. */
export interface Finding {
  readonly kind: FindingKind;
  readonly path: string;
  readonly message: string;
  /** True if the output is correct now, and nothing of the answer was lost. */
  readonly fixed: boolean;
  /**
   * `exact`, if absent: arithmetic, dates, unknown ids and forms. `doubt`: a rule of thumb, which may
   * be wrong. Readers see it as a warning, and nothing else comes of it: no change, no repair turn.
   */
  readonly grade?: "exact" | "doubt";
}

export function fixed(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: true };
}

/** A defect that no arithmetic can repair: the model is asked once, then readers see a warning. */
export function open(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: false };
}

/** What looks wrong and may be right: readers see a warning, and the model is not asked. */
export function doubt(kind: FindingKind, path: string, message: string): Finding {
  return { kind, path, message, fixed: false, grade: "doubt" };
}

/** Whether the model is asked to correct it. */
export function isCorrectable({ fixed, grade }: Finding): boolean {
  return !fixed && grade !== "doubt";
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

/** What `finish` put right, told by path, so that a run can say how its output was mended. */
import type { Finding, FindingKind } from "../agent.ts";

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

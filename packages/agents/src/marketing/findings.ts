/** What `finish` put right, told by path, so that a run can say how its output was mended. */
import type { Finding } from "../agent.ts";

export function fixed(path: string, message: string): Finding {
  return { path, message, fixed: true };
}

/** A finding if the value was changed, else none. */
export function fixedIf(changed: boolean, path: string, message: string): readonly Finding[] {
  return changed ? [fixed(path, message)] : [];
}

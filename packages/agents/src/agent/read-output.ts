/**
 * Reads the model's answer by the agent's output schema.
 *
 * A JSON answer is read as a whole or refused. A prose answer is useful even if one of its blocks
 * is not: first the unreadable member of a block is left out, then the whole block, each with a
 * finding. The prose itself is never left out.
 */
import type { z } from "zod";
import type { Finding } from "./finding.ts";
import { type Fitted, fitted } from "./fitted.ts";
import { toPath } from "./to-path.ts";

export type OutputReading<Output> =
  | { readonly kind: "read"; readonly output: Output; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/** The depth of the paths that are left out: 2 for a member of a block, 1 for a block. */
const LEFT_OUT_DEPTHS = { prose: [2, 1], json: [] } as const;

export function readOutput<Output>(
  { output: schema, reply }: { output: z.ZodType<Output>; reply: "json" | "prose" },
  candidate: unknown,
  /** Reads members that a model spelled in its own way. */
  read: (value: unknown) => Fitted<unknown> = (value) => fitted(value),
): OutputReading<Output> {
  const given = read(withoutNulls(candidate));
  const findings = [...given.findings];
  let { value } = given;
  let result = schema.safeParse(value);
  for (const depth of LEFT_OUT_DEPTHS[reply]) {
    for (const { path, message } of result.error?.issues ?? []) {
      value = withoutMember(value, path.slice(0, depth));
      findings.push({
        kind: "shape",
        path: toPath(path),
        message: `Left out: ${message}`,
        // A block without one member is still usable; a missing block is not.
        fixed: depth > 1,
      });
    }
    result = schema.safeParse(value);
  }
  if (result.success) return { kind: "read", output: result.data, findings };
  const refusals: Finding[] = result.error.issues.map(({ path, message }) => ({
    kind: "shape",
    path: toPath(path),
    message,
    fixed: false,
  }));
  return { kind: "refused", findings: [...findings, ...refusals] };
}

/** Models write null for what they leave out. Every output schema treats null as absent. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

function withoutMember(value: unknown, [key, ...inner]: readonly PropertyKey[]): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    if (name !== key) return [[name, member]];
    return inner.length > 0 ? [[name, withoutMember(member, inner)]] : [];
  });
  return Object.fromEntries(members);
}

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

/** What is left out of an answer that is not refused for it, the smaller part first. */
const LEFT_OUT_PARTS = { prose: ["member", "block"], json: [] } as const;

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
  for (const part of LEFT_OUT_PARTS[reply]) {
    for (const { path, message } of result.error?.issues ?? []) {
      value = withoutMember(value, path.slice(0, depthOf(path, part)));
      findings.push({
        kind: "shape",
        path: toPath(path),
        message: `Left out: ${message}`,
        // A block without one member is still usable; a missing block is not.
        fixed: part === "member",
      });
    }
    value = withoutNulls(value);
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

/** A block is a member of the answer, or an item of a list of blocks. */
function depthOf(path: readonly PropertyKey[], part: "member" | "block"): number {
  const depth = typeof path[1] === "number" ? 2 : 1;
  return part === "member" ? depth + 1 : depth;
}

/** In a list, null takes the place of what is left out, so that the others keep their places. */
function withoutMember(value: unknown, [key, ...inner]: readonly PropertyKey[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      index === key ? (inner.length > 0 ? withoutMember(item, inner) : null) : item,
    );
  }
  const members = Object.entries(value).flatMap(([name, member]) => {
    if (name !== key) return [[name, member]];
    return inner.length > 0 ? [[name, withoutMember(member, inner)]] : [];
  });
  return Object.fromEntries(members);
}

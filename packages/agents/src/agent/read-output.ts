/**
 * Reads what the model answered by the agent's output schema.
 *
 * An answer in JSON is read whole or refused. An answer for people is worth having even where one
 * of its blocks is not: what cannot be read is left out, first a block's member, then the block,
 * and told. The prose itself is never left out.
 */
import type { z } from "zod";
import type { Finding } from "./finding.ts";
import { toPath } from "./to-path.ts";

export type OutputReading<Output> =
  | { readonly kind: "read"; readonly output: Output; readonly findings: readonly Finding[] }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/** How much of a path is left out at a time: a block's member is two keys deep, a block one. */
const LEFT_OUT_DEPTHS = { prose: [2, 1], json: [] } as const;

export function readOutput<Output>(
  { output: schema, reply }: { output: z.ZodType<Output>; reply: "json" | "prose" },
  candidate: unknown,
): OutputReading<Output> {
  const findings: Finding[] = [];
  let value = withoutNulls(candidate);
  let result = schema.safeParse(value);
  for (const depth of LEFT_OUT_DEPTHS[reply]) {
    for (const { path, message } of result.error?.issues ?? []) {
      value = withoutMember(value, path.slice(0, depth));
      findings.push({
        kind: "shape",
        path: toPath(path),
        message: `Left out: ${message}`,
        // Without one of its members a block is what it is; without the block something is missing.
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

/**
 * Models write null for what they leave out, wherever that is. To every schema here, absence means
 * no less than null.
 */
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

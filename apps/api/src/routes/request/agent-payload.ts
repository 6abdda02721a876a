/** Validates the payload of a run before the run exists. */
import { type AgentCard, readLoosely } from "@cmo/agents/catalog";
import type { z } from "zod";
import { invalidRequest, toIssues } from "../../http/errors.ts";

type Payload = Record<string, unknown>;

/** Strict, for callers of the native routes. `at` is the path of the payload. */
export function checkPayload(card: AgentCard, payload: Payload, at: string): void {
  const result = card.input.safeParse(payload);
  if (!result.success) throw refuse(result.error.issues, at);
}

/**
 * Lenient, for clients of the replaced functions: legacy names are renamed, values are read where
 * they have one reading, and members that the agent does not know are removed and returned in
 * `ignored`.
 */
export function fitPayload(
  card: AgentCard,
  payload: Payload,
  at: string,
): { input: Payload; ignored: string[] } {
  const input = structuredClone(readLoosely(renameLegacy(card, payload)));
  const ignored: string[] = [];
  for (;;) {
    const result = card.input.safeParse(input);
    if (result.success) return { input, ignored };
    const removed = result.error.issues.flatMap((issue) => removeUnknown(input, issue));
    if (removed.length === 0) throw refuse(result.error.issues, at);
    ignored.push(...removed);
  }
}

/** If a client sends both names of a member, the current one takes precedence. */
function renameLegacy(card: AgentCard, payload: Payload): Payload {
  const renamed: Payload = {};
  for (const [name, value] of Object.entries(payload)) {
    const target = Object.hasOwn(card.legacyFields, name) ? card.legacyFields[name] : undefined;
    if (target === undefined) renamed[name] = value;
    else if (!Object.hasOwn(payload, target)) renamed[target] = value;
  }
  return renamed;
}

/** Removes the members that the schema does not know, and returns their paths. */
function removeUnknown(input: Payload, issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const holder = issue.path.reduce<unknown>(memberOf, input);
  if (typeof holder !== "object" || holder === null) return [];
  return issue.keys.flatMap((key) =>
    Reflect.deleteProperty(holder, key) ? [[...issue.path, key].join(".")] : [],
  );
}

function memberOf(holder: unknown, key: PropertyKey): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
}

function refuse(issues: readonly z.core.$ZodIssue[], at: string) {
  const above = at === "" ? [] : [at];
  return invalidRequest(
    issues.flatMap((issue) => toIssues({ ...issue, path: [...above, ...issue.path] })),
  );
}

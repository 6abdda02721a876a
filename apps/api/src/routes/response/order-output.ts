/**
 * Orders the members of an output as its schema does. Postgres sorts the keys of JSON objects by
 * length, so that a plan would start with its milestones and end with its summary.
 */
import { agentCatalog } from "@cmo/agents/catalog";
import type { RunMode } from "@cmo/shared/contract";
import { z } from "zod";

/** The part of a JSON Schema that determines the order. */
interface Outline {
  readonly properties?: Readonly<Record<string, Outline>> | undefined;
  readonly items?: Outline | undefined;
  readonly anyOf?: readonly Outline[] | undefined;
}

const outlineSchema: z.ZodType<Outline> = z.object({
  properties: z
    .record(
      z.string(),
      z.lazy(() => outlineSchema),
    )
    .optional(),
  items: z.lazy(() => outlineSchema).optional(),
  anyOf: z.array(z.lazy(() => outlineSchema)).optional(),
});

const OUTLINE_OF_MODE: ReadonlyMap<RunMode, Outline> = new Map(
  agentCatalog.map(({ mode, output }) => {
    const schema = z.toJSONSchema(output, { io: "output", unrepresentable: "any" });
    return [mode, outlineSchema.parse(schema)];
  }),
);

/** Changes only the order. Members that the schema does not know come last. */
export function orderOutput<Run extends { mode: RunMode; output: Record<string, unknown> | null }>(
  run: Run,
): Run {
  const outline = OUTLINE_OF_MODE.get(run.mode);
  if (!outline || run.output === null) return run;
  return { ...run, output: orderMembers(run.output, [outline]) };
}

function order(value: unknown, outline: Outline): unknown {
  const alternatives = outline.anyOf ?? [outline];
  if (Array.isArray(value)) {
    const items = alternatives.find((alternative) => alternative.items)?.items;
    return items ? value.map((item) => order(item, items)) : value;
  }
  return isObject(value) ? orderMembers(value, alternatives) : value;
}

function orderMembers(
  value: Record<string, unknown>,
  alternatives: readonly Outline[],
): Record<string, unknown> {
  const known = new Map(alternatives.flatMap(({ properties = {} }) => Object.entries(properties)));
  const names = new Set([...known.keys(), ...Object.keys(value)]).values();
  return Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(value, name))
      .map((name) => [name, order(value[name], known.get(name) ?? {})]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * In the document, a run and the request for one are unions of the modes: each mode has its own payload
 * and its own output. The routes read any mode by one schema, so only the document knows these.
 */
import { type AgentCard, agentCatalog } from "@cmo/agents/catalog";
import type { RunMode } from "@cmo/shared/contract";
import { z } from "zod";
import { EXAMPLE_PAYLOADS } from "./examples.ts";
import { referTo, type Schema, type Schemas } from "./schemas.ts";

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()),
});
type ObjectSchema = z.infer<typeof objectSchema>;

/** What differs by mode in a run. */
const OF_MODE = ["mode", "input", "output"];

export function distinguishModes(schemas: Schemas): Schemas {
  const run = objectSchema.parse(schemas["Run"]);
  const submitRun = objectSchema.parse(schemas["SubmitRunInput"]);
  const names = agentCatalog.map(({ mode }) => typeName(mode));
  return {
    ...schemas,
    RunCommon: toCommon(run),
    Run: unionOf(
      names.map((name) => `${name}Run`),
      run["description"],
    ),
    SubmitRunInput: unionOf(
      names.map((name) => `Submit${name}Run`),
      "A run of one mode.",
    ),
    RunEvent: {
      type: "object",
      properties: { type: { type: "string", const: "run" } },
      required: ["type"],
      allOf: [referTo("Run")],
    },
    ...Object.fromEntries(
      agentCatalog.flatMap((card) => Object.entries(schemasOf(card, submitRun))),
    ),
  };
}

function schemasOf({ mode, input, output, title }: AgentCard, submitRun: ObjectSchema): Schemas {
  const name = typeName(mode);
  const fixed = { type: "string", const: mode };
  const payload = referTo(`${name}Payload`);
  return {
    [`${name}Payload`]: toSchema(input, "input"),
    [`${name}Output`]: toSchema(output, "output"),
    [`${name}Run`]: {
      type: "object",
      description: `A run of the mode \`${mode}\`: ${title}.`,
      properties: {
        mode: fixed,
        input: payload,
        output: { anyOf: [referTo(`${name}Output`), { type: "null" }] },
      },
      required: OF_MODE,
      allOf: [referTo("RunCommon")],
    },
    [`Submit${name}Run`]: {
      ...submitRun,
      properties: { ...submitRun.properties, mode: fixed, payload },
      examples: [{ mode, payload: EXAMPLE_PAYLOADS[mode] }],
    },
  };
}

/** Closed for further members it could not be combined with those of a mode. */
function toCommon({ additionalProperties, properties, required, ...run }: ObjectSchema): Schema {
  const isCommon = (name: string) => !OF_MODE.includes(name);
  return {
    ...run,
    description: "What runs of all modes have.",
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isCommon(name))),
    required: required.filter(isCommon),
  };
}

function unionOf(names: readonly string[], description: unknown): Schema {
  return { description, oneOf: names.map(referTo) };
}

function toSchema(schema: z.ZodType, io: "input" | "output"): Schema {
  const { $schema, ...described } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return described;
}

function typeName(mode: RunMode): string {
  return `${mode.charAt(0).toUpperCase()}${mode.slice(1)}`;
}

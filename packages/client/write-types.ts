/** Writes `src/types.gen.ts` from the schemas of the API and of the agents. */
import { writeFileSync } from "node:fs";
import { agentCatalog } from "@cmo/agents/catalog";
import {
  eventDataSchemas,
  pipelineSchema,
  runPageSchema,
  runSchema,
  usageReportSchema,
  workspaceListSchema,
} from "@cmo/shared/contract";
import { compile } from "json-schema-to-typescript";
import { z } from "zod";

const OUTPUT = new URL("./src/types.gen.ts", import.meta.url);

const HEAD = "/** Written by npm run types:client from the schemas of the API. Do not edit. */\n";

type Schemas = Readonly<Record<string, z.ZodType>>;

/** Types of an object with these members; what has an id in its schema gets a type of that name. */
function toTypes(name: string, schemas: Schemas, io: "input" | "output"): Promise<string> {
  const schema = z.toJSONSchema(z.object(schemas), { io, unrepresentable: "any" });
  return compile(schemaOf(schema), name, {
    additionalProperties: false,
    bannerComment: "",
    ignoreMinAndMaxItems: true,
    style: { printWidth: 100 },
  });
}

/** The compiler has an older description of JSON Schema than zod writes. */
function schemaOf(schema: object): Parameters<typeof compile>[0] {
  return JSON.parse(JSON.stringify(schema));
}

const byMode = (pick: "input" | "output") =>
  z.object(Object.fromEntries(agentCatalog.map((card) => [card.mode, card[pick]])));

export async function generateTypes(): Promise<string> {
  const wire = await toTypes(
    "Wire",
    {
      run: runSchema,
      page: runPageSchema,
      pipeline: pipelineSchema,
      workspaces: workspaceListSchema,
      usage: usageReportSchema,
      events: z.object(eventDataSchemas).meta({ id: "EventDataByType" }),
      outputs: byMode("output").meta({ id: "OutputByMode" }),
    },
    "output",
  );
  const inputs = await toTypes(
    "Requests",
    { inputs: byMode("input").meta({ id: "InputByMode" }) },
    "input",
  );
  return `${HEAD}\n${wire}\n${inputs}`;
}

if (import.meta.main) writeFileSync(OUTPUT, await generateTypes());

/** `GET /v1/agents`: the agents with their input and output schemas. */
import { type AgentCard, agentCatalog } from "@cmo/agents/catalog";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { noQuery, problemResponses } from "../response/openapi.ts";

const agentSchema = z
  .object({
    mode: z.string(),
    agent: z.string(),
    title: z.string(),
    description: z.string(),
    version: z.int(),
    input: z.record(z.string(), z.unknown()).describe("JSON Schema of the payload."),
    output: z.record(z.string(), z.unknown()).describe("JSON Schema of the output."),
  })
  .meta({ id: "Agent" });

export function registerAgents(app: App): void {
  const agents = agentCatalog.map(describeAgent);
  app.get(
    "/v1/agents",
    {
      schema: {
        tags: ["Agents"],
        summary: "List agents",
        querystring: noQuery,
        response: { 200: z.object({ agents: z.array(agentSchema) }), ...problemResponses },
      },
    },
    async () => ({ agents }),
  );
}

function describeAgent({ mode, name, title, description, version, input, output }: AgentCard) {
  return {
    mode,
    agent: name,
    title,
    description,
    version,
    // The input of a transform has no JSON Schema and is left open.
    input: z.toJSONSchema(input, { io: "input", unrepresentable: "any" }),
    output: z.toJSONSchema(output, { io: "output", unrepresentable: "any" }),
  };
}

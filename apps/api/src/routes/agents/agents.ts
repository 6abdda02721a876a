/** `GET /v1/agents`: the agents with their input and output schemas, and what a run typically costs. */
import { type AgentCard, agentCatalog } from "@cmo/agents/catalog";
import { type RunMode, type TypicalCost, typicalCostSchema } from "@cmo/shared/contract";
import { isAppError } from "@cmo/shared/runtime";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app-instance.ts";
import { callerOf } from "../../http/caller.ts";
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
    typical_cost: typicalCostSchema
      .nullable()
      .describe("Null if it is unknown: no such run has completed lately."),
  })
  .meta({ id: "Agent" });

export function registerAgents(app: App): void {
  const agents = agentCatalog.map(describeAgent);
  app.get(
    "/v1/agents",
    {
      schema: {
        tags: ["Agents"],
        operationId: "listAgents",
        summary: "List agents",
        querystring: noQuery,
        response: { 200: z.object({ agents: z.array(agentSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const costs = await typicalCosts(request);
      return {
        agents: agents.map((agent) => ({
          ...agent,
          typical_cost: costs.get(agent.mode) ?? null,
        })),
      };
    },
  );
}

/** A hint. The agents are known without the database. */
async function typicalCosts(request: FastifyRequest): Promise<ReadonlyMap<RunMode, TypicalCost>> {
  try {
    return await callerOf(request).usage.typicalCosts();
  } catch (error) {
    if (!isAppError(error)) throw error;
    request.log.warn({ error }, "The agents were listed without costs");
    return new Map();
  }
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

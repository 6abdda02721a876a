/** Requests made from the API's OpenAPI description, then mutated. */
import fc from "fast-check";
import { z } from "zod";
import { hostileTexts, mutated } from "./mutations.ts";
import { type Schema, schemaSchema, valuesOf } from "./schema-values.ts";

export interface FuzzRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload?: string;
}

/** Ids and tokens that exist, which requests may use or miss. */
export interface FuzzWorld {
  readonly tokens: readonly string[];
  readonly workspaceIds: readonly string[];
  readonly tenantIds: readonly string[];
  readonly runIds: readonly string[];
}

export interface Operation {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query: Readonly<Record<string, Schema>>;
  /** The schema of `payload`, or of the body where the path is an agent's. */
  readonly bodies: readonly Schema[];
}

const parameterSchema = z.object({ name: z.string(), in: z.string(), schema: schemaSchema });
const jsonContentSchema = z.object({ "application/json": z.object({ schema: schemaSchema }) });
const operationSchema = z.object({
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ content: jsonContentSchema }).optional(),
});
const referenceSchema = z.looseObject({ $ref: z.string() });
const descriptionSchema = z.object({
  paths: z.record(z.string(), z.record(z.enum(["get", "post"]), operationSchema.optional())),
});
const agentSchema = z.object({ mode: z.string(), agent: z.string(), input: schemaSchema });
const agentsSchema = z.object({ agents: z.array(agentSchema) });

/** From `/openapi.json` and `/v1/agents`. */
export function readOperations(description: unknown, agentList: unknown): Operation[] {
  const { paths } = descriptionSchema.parse(inlineReferences(description, description));
  const { agents } = agentsSchema.parse(agentList);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      if (!operation) return [];
      const { parameters, requestBody } = operation;
      const query = parameters.filter((parameter) => parameter.in === "query");
      const body = requestBody?.content["application/json"].schema;
      return {
        method: method === "get" ? "GET" : "POST",
        path,
        query: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
        bodies: body ? agents.flatMap((agent) => fillIn(path, body, agent) ?? []) : [],
      } as const;
    }),
  );
}

/** The body for the agent; null where the path belongs to another agent. */
function fillIn(path: string, body: Schema, agent: z.infer<typeof agentSchema>): Schema | null {
  if (!body.properties) return body;
  const { properties, ...rest } = body;
  const isKernel = "mode" in properties;
  if (isKernel) {
    const filled = { ...properties, mode: { const: agent.mode }, payload: agent.input };
    return { ...rest, properties: filled };
  }
  if (path.includes("/functions/") && !path.endsWith(agent.agent)) return null;
  return { ...rest, properties: { ...properties, ...agent.input.properties } };
}

/** The schemas of the description have no circular references. */
function inlineReferences(value: unknown, root: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => inlineReferences(item, root));
  if (typeof value !== "object" || value === null) return value;
  const reference = referenceSchema.safeParse(value);
  if (reference.success) {
    const names = reference.data.$ref.split("/").slice(1);
    const target = names.reduce<unknown>((holder, name) => Object(holder)[name], root);
    return inlineReferences(target, root);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, inlineReferences(member, root)]),
  );
}

export function fuzzRequests(
  operations: readonly Operation[],
  world: FuzzWorld,
): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc
      .record({
        url: addresses(operation, world),
        headers: headers(world),
        payload: operation.method === "POST" ? payloads(operation, world) : fc.constant(null),
      })
      .map(({ url, headers: given, payload }) => ({
        method: operation.method,
        url,
        headers: given,
        ...(payload === null ? {} : { payload }),
      })),
  );
}

function addresses({ path, query }: Operation, { runIds }: FuzzWorld): fc.Arbitrary<string> {
  const ids = fc.oneof(
    { arbitrary: fc.constantFrom(...runIds), weight: 4 },
    fc.uuid(),
    hostileTexts.map(encode),
  );
  const members = Object.entries(query).map(([name, schema]) =>
    fc.oneof(
      fc.constant([]),
      fc.oneof(valuesOf(schema).map(String), hostileTexts).map((text) => [[name, text] as const]),
    ),
  );
  const more = fc.oneof(
    { arbitrary: fc.constant([]), weight: 6 },
    fc.tuple(hostileTexts, hostileTexts).map((member) => [member]),
  );
  return fc.tuple(ids, fc.tuple(...members), more).map(([id, known, unknown]) => {
    const pairs = [...known.flat(), ...unknown].map((pair) => pair.map(encode).join("="));
    return `${path.replace("{id}", id)}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
  });
}

/** Lone surrogates cannot be encoded in a URL. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed().slice(0, 2000));
}

const RAW_BODIES = ["", "{", "[]", "null", '{"a":1,"a":2}', '{"__proto__":{}}', "[".repeat(10_000)];

function payloads({ bodies }: Operation, world: FuzzWorld): fc.Arbitrary<string | null> {
  const raw = fc.constantFrom(...RAW_BODIES, null, `"${"x".repeat(262_144)}"`);
  if (bodies.length === 0) return raw;
  const scope = fc.constantFrom(
    {},
    ...world.workspaceIds.flatMap((id) => [{ workspace_id: id }, { workspaceId: id }]),
    ...world.tenantIds.map((id) => ({ tenant_id: id })),
  );
  const asked = fc.tuple(fc.oneof(...bodies.map(valuesOf)), scope);
  const scoped = asked.map(([body, names]) => ({ ...Object(body), ...names }));
  const json = mutated(scoped).map((value) => JSON.stringify(value) ?? "");
  return fc.oneof({ arbitrary: json, weight: 12 }, raw);
}

function headers({ tokens, workspaceIds }: FuzzWorld): fc.Arbitrary<Record<string, string>> {
  const sometimes = (values: fc.Arbitrary<string>) =>
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, values);
  const hostile = hostileTexts.map(toHeader);
  const bearer = fc.constantFrom(...tokens).map((token) => `Bearer ${token}`);
  return fc
    .record({
      authorization: fc.oneof(
        { arbitrary: bearer, weight: 20 },
        hostile,
        hostile.map((text) => `Bearer ${text}`),
        fc.constant(undefined),
      ),
      "content-type": fc.oneof(
        { arbitrary: fc.constantFrom("application/json", "text/plain"), weight: 20 },
        hostile,
      ),
      accept: sometimes(
        fc.oneof(fc.constantFrom("text/event-stream", "application/json"), hostile),
      ),
      prefer: sometimes(fc.oneof(fc.constantFrom("respond-async", "wait=1"), hostile)),
      "x-workspace-id": sometimes(fc.oneof(fc.constantFrom(...workspaceIds), hostile)),
      "idempotency-key": sometimes(fc.oneof(fc.string({ maxLength: 300 }).map(toHeader), hostile)),
      "last-event-id": sometimes(fc.oneof(fc.constantFrom("0-1", "1-0", "9-9"), hostile)),
      "if-none-match": sometimes(hostile),
      "x-request-id": sometimes(hostile),
      "content-encoding": sometimes(fc.constantFrom("gzip", "identity", "")),
    })
    .map((all) => Object.fromEntries(Object.entries(all).flatMap(toPresent)));
}

/** What Node's parser accepts: latin1 without control characters. */
function toHeader(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, "?").slice(0, 2000);
}

function toPresent([name, value]: [string, string | undefined]): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

/**
 * Adds to the generated document what the schemas of the routes do not say: how the members of a union
 * are told apart, and examples where pages and tools look for them. Schemas that nothing uses are left out.
 */
import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { distinguishModes } from "./distinguish-modes.ts";
import { nameOf, type Schema, type Schemas } from "./schemas.ts";

const schemaSchema = z.record(z.string(), z.unknown());
const bodySchema = z.looseObject({
  content: z.record(z.string(), z.looseObject({ schema: schemaSchema })),
});
const operationSchema = z.looseObject({
  requestBody: bodySchema.optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});
const documentSchema = z.object({
  components: z.looseObject({ schemas: z.record(z.string(), schemaSchema) }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

type Body = z.infer<typeof bodySchema>;
type Operation = z.infer<typeof operationSchema>;
type Paths = z.infer<typeof documentSchema>["paths"];

export function completeDocument(document: object): object {
  const { components, paths: given } = documentSchema.parse(document);
  const modes = distinguishModes(components.schemas);
  const all = mapValues(modes, (schema) => withDiscriminator(schema, modes));
  const paths = mapValues(given, (operations) =>
    mapValues(operations, (operation) => completeOperation(operation, all)),
  );
  return { ...document, paths, components: { ...components, schemas: usedSchemas(paths, all) } };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, map(value, name)]),
  );
}

/** The plugin writes it for a response whose schema has no description of its own. */
const UNDESCRIBED = "Default Response";

function completeOperation(operation: Operation, schemas: Schemas): Operation {
  const { requestBody, responses, ...rest } = operation;
  return {
    ...rest,
    ...(requestBody ? { requestBody: completeBody(requestBody, schemas) } : {}),
    responses: mapValues(responses, ({ description, ...response }, status) => ({
      description: description === UNDESCRIBED ? (STATUS_CODES[status] ?? status) : description,
      ...response,
    })),
  };
}

const unionSchema = z.looseObject({ oneOf: z.array(z.object({ $ref: z.string() })) });
const wrapperSchema = z.looseObject({ anyOf: z.tuple([schemaSchema]) });
const memberSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ const: z.unknown().optional() })),
});

/** The members of a union differ in the one of these properties that each of them fixes. */
const DISCRIMINATORS = ["mode", "type"];

function withDiscriminator(schema: Schema, schemas: Schemas): Schema {
  const union = unionSchema.safeParse(schema).data;
  if (!union) return schema;
  const fixed = (reference: string, property: string) =>
    memberSchema.safeParse(schemas[nameOf(reference)]).data?.properties[property]?.const;
  const propertyName = DISCRIMINATORS.find((property) =>
    union.oneOf.every(({ $ref }) => fixed($ref, property) !== undefined),
  );
  if (propertyName === undefined) return schema;
  const mapping = union.oneOf.map(({ $ref }) => [fixed($ref, propertyName), $ref] as const);
  return { ...schema, discriminator: { propertyName, mapping: Object.fromEntries(mapping) } };
}

/** A body of another type than JSON is text. The schema of a route describes JSON only. */
function completeBody(body: Body, schemas: Schemas): Body {
  const content = mapValues(body.content, (media, type) => {
    if (type !== "application/json") return { schema: { type: "string" } };
    const schema = withoutWrapper(media.schema);
    const examples = examplesOf(schema, schemas);
    const named = examples.map((value, index) => [exampleName(value, index), { value }]);
    const shown = examples.length > 0 ? { examples: Object.fromEntries(named) } : {};
    return { ...media, schema, ...shown };
  });
  return { ...body, content };
}

/** A union is left with one member when the others have no JSON Schema. */
function withoutWrapper(schema: Schema): Schema {
  const { anyOf, ...rest } = wrapperSchema.safeParse(schema).data ?? {};
  return anyOf && Object.keys(rest).length === 0 ? anyOf[0] : schema;
}

const examplesSchema = z.looseObject({
  $ref: z.string().optional(),
  examples: z.array(z.unknown()).default([]),
  anyOf: z.array(schemaSchema).default([]),
  oneOf: z.array(schemaSchema).default([]),
});

function examplesOf(schema: Schema, schemas: Schemas): readonly unknown[] {
  const { $ref, examples, anyOf, oneOf } = examplesSchema.parse(schema);
  if ($ref !== undefined) return examplesOf(schemas[nameOf($ref)] ?? {}, schemas);
  return [...examples, ...[...anyOf, ...oneOf].flatMap((member) => examplesOf(member, schemas))];
}

function exampleName(value: unknown, index: number): string {
  const mode = z.looseObject({ mode: z.string() }).safeParse(value).data?.mode;
  return mode ?? `example${index + 1}`;
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

function usedSchemas(paths: Paths, schemas: Schemas): Schemas {
  const used = new Set(namesIn(paths));
  // What is added while a set is read is read as well.
  for (const name of used) for (const next of namesIn(schemas[name])) used.add(next);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
}

function namesIn(value: unknown): readonly string[] {
  const text = JSON.stringify(value) ?? "";
  return [...text.matchAll(REFERENCE)].map(([, name = ""]) => name);
}

/** Values that match a JSON Schema, as the API's own description uses it. */
import fc from "fast-check";
import { z } from "zod";

/** The members of a schema that are used; the others are ignored. */
export interface Schema {
  readonly type?: string | readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly format?: string | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly maxItems?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

const inner = z.lazy(() => schemaSchema);
export const schemaSchema: z.ZodType<Schema> = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  format: z.string().optional(),
  anyOf: z.array(inner).optional(),
  oneOf: z.array(inner).optional(),
  properties: z.record(z.string(), inner).optional(),
  required: z.array(z.string()).optional(),
  items: inner.optional(),
  maxItems: z.number().optional(),
  minItems: z.number().optional(),
  maxLength: z.number().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** Longer lists and texts come from the mutations. */
const ITEMS = 4;
const CHARACTERS = 40;

export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const members = schema.anyOf ?? schema.oneOf;
  if (members) return fc.oneof(...members.map(valuesOf));
  const [type] = [schema.type ?? (schema.properties ? "object" : "any")].flat();
  switch (type) {
    case "object":
      return objectsOf(schema);
    case "array":
      return listsOf(schema);
    case "string":
      return textsOf(schema);
    case "integer":
    case "number":
      return numbersOf(schema, type);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectsOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => {
    const values = valuesOf(schema);
    const present = values.map((value) => [[name, value] as const]);
    return required.includes(name) ? present : fc.oneof(fc.constant([]), present);
  });
  return fc.tuple(...members).map((entries) => Object.fromEntries(entries.flat()));
}

function listsOf({ items = {}, minItems = 0, maxItems = ITEMS }: Schema): fc.Arbitrary<unknown> {
  const maxLength = Math.max(minItems, Math.min(maxItems, ITEMS));
  return fc.array(valuesOf(items), { minLength: minItems, maxLength });
}

function textsOf({ format, minLength = 0, maxLength = CHARACTERS }: Schema): fc.Arbitrary<string> {
  if (format === "uuid" || format === "guid") return fc.uuid();
  if (format === "date") return fc.date({ noInvalidDate: true }).map(toDay);
  const longest = Math.max(minLength, Math.min(maxLength, CHARACTERS));
  return fc.string({ minLength, maxLength: longest, unit: "grapheme" });
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function numbersOf({ minimum, maximum }: Schema, type: string): fc.Arbitrary<number> {
  const min = Math.max(minimum ?? -1e6, -1e6);
  const max = Math.max(min, Math.min(maximum ?? 1e6, 1e6));
  if (type === "integer") return fc.integer({ min: Math.ceil(min), max: Math.floor(max) });
  return fc.double({ min, max, noNaN: true });
}

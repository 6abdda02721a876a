/** The component schemas of the document, and references to them. */

export type Schema = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<string, Schema>>;

const PREFIX = "#/components/schemas/";

export function referTo(name: string): { readonly $ref: string } {
  return { $ref: `${PREFIX}${name}` };
}

export function nameOf(reference: string): string {
  return reference.slice(PREFIX.length);
}

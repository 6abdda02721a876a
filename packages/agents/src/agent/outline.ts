/**
 * A schema as models see it: the shape of the answer, with the schema's own descriptions as
 * comments. The prompt and the validation therefore cannot disagree.
 */
import { z } from "zod";

type Node = z.core.JSONSchema.JSONSchema;
type Child = z.core.JSONSchema._JSONSchema;

export function toOutline(schema: z.ZodType): string {
  return render(z.toJSONSchema(schema, { io: "output" }), "");
}

function render(node: Child, indent: string): string {
  if (typeof node === "boolean") return "anything";
  if (node.enum) return node.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (node.anyOf) return node.anyOf.map((branch) => render(branch, indent)).join(" | ");
  if (node.type === "array") return renderArray(node, indent);
  if (node.type === "object") return renderObject(node, indent);
  return renderScalar(node);
}

/** JSON Schema has two types for a nullable scalar, and a string with a format for a date. */
function renderScalar({ type, format }: Node): string {
  const names = Array.isArray(type) ? type : [type ?? "anything"];
  return names.map((name) => (name === "string" && format === "date" ? "date" : name)).join(" | ");
}

function renderArray(node: Node, indent: string): string {
  const item = Array.isArray(node.items) ? node.items[0] : node.items;
  return `[${item === undefined ? "anything" : render(item, indent)}, …]`;
}

function renderObject(node: Node, indent: string): string {
  const inner = `${indent}  `;
  const required = new Set(node.required);
  const properties = Object.entries(node.properties ?? {});
  const members = properties.map(([name, child], i) => {
    // No comma after the last member: models copy the outline.
    const comma = i < properties.length - 1 ? "," : "";
    const value = `${inner}"${name}"${required.has(name) ? "" : "?"}: ${render(child, inner)}${comma}`;
    return typeof child !== "boolean" && child.description
      ? withComment(value, child.description)
      : value;
  });
  return `{\n${members.join("\n")}\n${indent}}`;
}

/** Adds the comment to the member's first line, before the value that it describes. */
function withComment(member: string, comment: string): string {
  const [first, ...rest] = member.split("\n");
  return [`${first} // ${comment}`, ...rest].join("\n");
}

/**
 * Parses JSON, and keeps numbers such as `1.200` as texts. JSON reads them as 1.2, but no program writes
 * such zeros: a model that does probably means thousands, and whoever knows the answer decides.
 */
const GROUPED = /^-?[1-9]\d{0,2}\.\d\d0$/;
/** Cheap, because hardly any answer has one. */
const MAY_HAVE_GROUPED = /[1-9]\d{0,2}\.\d\d0(?![\d.])/;

export function parseAsWritten(text: string): unknown {
  if (!MAY_HAVE_GROUPED.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => {
    const written = context?.source;
    return typeof value === "number" && written !== undefined && GROUPED.test(written)
      ? written
      : value;
  });
}

/**
 * The rows of an interview turn: merged into the workspace's brand, and into the segment and the
 * offer of the same name.
 */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import type { BrandIntakeContext } from "./context.ts";
import type { BrandIntakeAnswer, BrandIntakeInput } from "./schema.ts";

type Learnt = Made<BrandIntakeInput, BrandIntakeContext>;

export function intakeArtifacts(
  { brand, icp, offer, more_icp = [], more_offer = [] }: BrandIntakeAnswer,
  { newId }: Learnt,
): readonly Artifact[] {
  const rows: Artifact[] = [];
  if (brand) {
    const values = { ...brand } satisfies Partial<Row<"cmo_brand_profiles">>;
    rows.push({ table: "cmo_brand_profiles", id: newId(), values, from: ["brand"] });
  }
  for (const [index, segment] of (icp ? [icp, ...more_icp] : []).entries()) {
    const values = { ...segment } satisfies Partial<Row<"cmo_icp_segments">>;
    rows.push({ table: "cmo_icp_segments", id: newId(), values, from: [placeOf("icp", index)] });
  }
  for (const [index, one] of (offer ? [offer, ...more_offer] : []).entries()) {
    const values = { ...one } satisfies Partial<Row<"cmo_offers">>;
    rows.push({ table: "cmo_offers", id: newId(), values, from: [placeOf("offer", index)] });
  }
  return rows;
}

/** The first of a kind stands under its name, the others in a list beside it. */
const placeOf = (name: string, index: number): string =>
  index === 0 ? name : `more_${name}[${index - 1}]`;

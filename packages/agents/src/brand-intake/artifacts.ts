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
    rows.push({ table: "cmo_brand_profiles", id: newId(), values });
  }
  for (const segment of icp ? [icp, ...more_icp] : []) {
    const values = { ...segment } satisfies Partial<Row<"cmo_icp_segments">>;
    rows.push({ table: "cmo_icp_segments", id: newId(), values });
  }
  for (const one of offer ? [offer, ...more_offer] : []) {
    const values = { ...one } satisfies Partial<Row<"cmo_offers">>;
    rows.push({ table: "cmo_offers", id: newId(), values });
  }
  return rows;
}

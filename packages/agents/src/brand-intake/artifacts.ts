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
  { brand, icp, offer }: BrandIntakeAnswer,
  { newId }: Learnt,
): readonly Artifact[] {
  const rows: Artifact[] = [];
  if (brand) {
    const values = { ...brand } satisfies Partial<Row<"cmo_brand_profiles">>;
    rows.push({ table: "cmo_brand_profiles", id: newId(), values });
  }
  if (icp) {
    const values = { ...icp } satisfies Partial<Row<"cmo_icp_segments">>;
    rows.push({ table: "cmo_icp_segments", id: newId(), values });
  }
  if (offer) {
    const values = { ...offer } satisfies Partial<Row<"cmo_offers">>;
    rows.push({ table: "cmo_offers", id: newId(), values });
  }
  return rows;
}

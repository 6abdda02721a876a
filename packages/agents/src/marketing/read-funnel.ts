/** A funnel that a caller names, with its stages in order. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { pick } from "./pick.ts";
import { readNamedRow } from "./read-named-row.ts";

/** A funnel of more stages is a list of tasks. */
const STAGES_MAX = 30;

const FUNNEL_COLUMNS = [
  "id",
  "funnel_name",
  "funnel_type",
  "status",
  "description",
  "target_icp_segments",
  "target_offers",
  "total_budget",
  "expected_conversion_rate",
  "expected_revenue",
] as const;

const STAGE_COLUMNS = [
  "id",
  "stage_order",
  "stage_name",
  "stage_type",
  "objective",
  "kpis",
  "campaign_types",
  "channels",
  "target_icps",
  "linked_offers",
  "expected_volume",
  "conversion_rate_target",
  "budget_allocation",
] as const;

type FunnelBlock = Pick<Row<"cmo_funnels">, (typeof FUNNEL_COLUMNS)[number]>;
type StageBlock = Pick<Row<"cmo_funnel_stages">, (typeof STAGE_COLUMNS)[number]>;

export interface FunnelWithStages {
  readonly funnel: FunnelBlock;
  readonly stages: readonly StageBlock[];
}

/** Null when no id is given; throws `InputError` for an id that is not the workspace's. */
export async function readFunnel(
  db: WorkspaceDb,
  id: string | undefined,
): Promise<FunnelWithStages | null> {
  if (id === undefined) return null;
  const [funnel, stages] = await Promise.all([
    readNamedRow(db, "cmo_funnels", { field: "funnelId", id }),
    db.list("cmo_funnel_stages", {
      where: { funnel_id: id },
      orderBy: [
        ["stage_order", "ascending"],
        ["id", "ascending"],
      ],
      limit: STAGES_MAX,
    }),
  ]);
  if (!funnel) return null;
  return {
    funnel: pick(funnel, FUNNEL_COLUMNS),
    stages: stages.map((stage) => pick(stage, STAGE_COLUMNS)),
  };
}

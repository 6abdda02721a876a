/** A funnel that a caller names, with its stages in order. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { pick } from "./pick.ts";
import { readNamedRow } from "./read-named-row.ts";

/** A funnel with more stages is a list of tasks. */
const STAGES_SHOWN = 30;
/** More rows are read than are used, so that those left out can be counted. */
const STAGES_READ = 100;

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
  /** One sentence if the stages did not fit completely. */
  readonly leftOut: readonly string[];
}

/**
 * Null without an id; throws `InputError` for an id that is not the workspace's. The stage to `keep`
 * is included wherever it is in the funnel.
 */
export async function readFunnel(
  db: WorkspaceDb,
  id: string | undefined,
  keep: Row<"cmo_funnel_stages"> | null = null,
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
      limit: STAGES_READ,
    }),
  ]);
  if (!funnel) return null;
  const first = stages.slice(0, STAGES_SHOWN);
  const isBeyond = keep?.funnel_id === funnel.id && first.every((stage) => stage.id !== keep.id);
  const shown = isBeyond ? [...first, keep] : first;
  return {
    funnel: pick(funnel, FUNNEL_COLUMNS),
    stages: shown.map((stage) => pick(stage, STAGE_COLUMNS)),
    leftOut: tellOf(stages.length, shown.length),
  };
}

function tellOf(read: number, shown: number): readonly string[] {
  const count = read - shown;
  if (count <= 0) return [];
  const amount = read >= STAGES_READ ? `At least ${count}` : String(count);
  const verb = count === 1 ? " of the funnel is" : "s of the funnel are";
  return [`${amount} further stage${verb} not shown; they come after the first ${STAGES_SHOWN}.`];
}

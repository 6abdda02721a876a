/** The rows of a finished funnel: the funnel, then its stages. */
import type { Row } from "@cmo/shared/db";
import type { Artifact, Made } from "../agent/define-agent.ts";
import type { FunnelArchitectContext } from "./context.ts";
import type { FunnelArchitectInput, FunnelArchitectOutput } from "./schema.ts";

export function funnelArtifacts(
  output: FunnelArchitectOutput,
  { input, newId }: Made<FunnelArchitectInput, FunnelArchitectContext>,
): readonly Artifact[] {
  const funnelId = newId();
  const funnel = {
    ...output.funnel,
    plan_id: input.planId ?? null,
    status: "draft",
  } satisfies Partial<Row<"cmo_funnels">>;
  const stages = output.stages.map((stage, index) => {
    const values = { ...stage, funnel_id: funnelId } satisfies Partial<Row<"cmo_funnel_stages">>;
    return { table: "cmo_funnel_stages", id: newId(), values, from: [`stages[${index}]`] };
  });
  return [{ table: "cmo_funnels", id: funnelId, values: funnel, from: [""] }, ...stages];
}

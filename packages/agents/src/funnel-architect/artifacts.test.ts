import { expect, test } from "vitest";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleFunnel } from "../../test/samples/funnel-architect.ts";
import { funnelArtifacts } from "./artifacts.ts";
import { readFunnelArchitectContext } from "./context.ts";
import { inputSchema } from "./schema.ts";

test("a funnel becomes a row under its plan, and its stages rows under the funnel", async () => {
  const input = inputSchema.parse({ planId: SAMPLE_IDS.plan });
  const context = await readFunnelArchitectContext(sampleSource(), input);
  let made = 0;
  const newId = () => `id-${++made}`;

  const [funnel, ...stages] = funnelArtifacts(sampleFunnel, { input, context, newId });

  expect(funnel).toMatchObject({
    table: "cmo_funnels",
    id: "id-1",
    values: { funnel_name: "From worry to calm", plan_id: SAMPLE_IDS.plan, status: "draft" },
  });
  expect(stages.map(({ table, id }) => [table, id])).toEqual([
    ["cmo_funnel_stages", "id-2"],
    ["cmo_funnel_stages", "id-3"],
    ["cmo_funnel_stages", "id-4"],
  ]);
  expect(stages.every(({ values }) => values["funnel_id"] === "id-1")).toBe(true);
});

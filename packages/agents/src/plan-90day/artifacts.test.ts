import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { planArtifacts } from "./artifacts.ts";
import { readPlan90DayContext } from "./context.ts";

test("a plan becomes one draft row with the wishes it was made from", async () => {
  const input = { primaryGoal: "Trials", budget: 9000, focusAreas: ["Lead Generation"] };
  const context = await readPlan90DayContext(sampleSource(), input);

  const [row, ...others] = planArtifacts(samplePlan, { input, context, newId: () => "id-1" });

  expect(others).toEqual([]);
  expect(row).toMatchObject({
    table: "cmo_marketing_plans",
    id: "id-1",
    values: {
      plan_name: samplePlan.plan_name,
      plan_type: "90-day",
      status: "draft",
      start_date: "2026-03-02",
      end_date: "2026-05-31",
      generation_context: {
        ...input,
        generatedAt: "2026-03-02",
        sources: expect.arrayContaining([
          { path: "budget_allocation.total_budget", source: "request" },
        ]),
      },
    },
  });
  expect(row?.values).not.toHaveProperty("milestones");
});

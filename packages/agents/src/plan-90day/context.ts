/** The context of the planner: the workspace's foundation, the 90 days and the budget. */
import type { ContextSource } from "../agent/define-agent.ts";
import { addDays } from "../marketing/calendar.ts";
import { type Foundation, readFoundation } from "../marketing/workspace/foundation.ts";
import { type MeasuredWorkspace, readMeasured } from "../marketing/workspace/read-measured.ts";
import { type Setting, toSetting } from "../prompt/setting.ts";
import type { Plan90DayInput } from "./schema.ts";

const PLAN_DAYS = 90;

export interface Plan90DayContext extends Setting, Foundation {
  readonly startDate: string;
  readonly endDate: string;
  /** Null if the caller left it open. */
  readonly budget: number | null;
  readonly measured: MeasuredWorkspace;
  /** The request that the plan is checked against. */
  readonly asked: Plan90DayInput;
}

export async function readPlan90DayContext(
  source: ContextSource,
  input: Plan90DayInput,
): Promise<Plan90DayContext> {
  const startDate = input.startDate ?? source.today;
  const budget = input.budget ?? null;
  const [foundation, measured] = await Promise.all([
    readFoundation(source.db),
    readMeasured(source.db, { today: source.today, budget }),
  ]);
  return {
    ...toSetting(source),
    ...foundation,
    leftOut: [...foundation.leftOut, ...measured.leftOut],
    measured,
    startDate,
    endDate: addDays(startDate, PLAN_DAYS),
    budget,
    asked: input,
  };
}

/** Sabotages of budgets: what is reserved, drawn and booked, and the call that ends. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const SCHEMA = "supabase/schemas/39_budgets.sql";
const engine = (file: string) => `packages/agents/src/engine/${file}.ts`;
const sql = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}.test.ts`, name }) as const;
const unit = (name: string) =>
  ({ project: "unit", file: engine("spend-meter.test"), name }) as const;

export const budgetSabotages: readonly Sabotage[] = [
  {
    id: "budgets-are-read-by-many-at-once",
    file: SCHEMA,
    guards: "G30: one at a time",
    change: remove,
    red: sql("budgets-at-once", "of requests at once exactly as many are accepted"),
  },
  {
    id: "the-last-of-a-budget-goes-to-one-run",
    file: SCHEMA,
    guards: "G30: small steps",
    change: becomes("    v_got := p_due_micros + p_more_micros;"),
    red: sql("budget-draws", "steps become smaller when little is left"),
  },
  {
    id: "more-is-reserved-than-is-left",
    file: SCHEMA,
    guards: "G30: within the budget",
    change: remove,
    red: sql("budget-draws", "a prompt that costs more than the reserve is drawn whole"),
  },
  {
    id: "a-run-is-accepted-without-a-reserve",
    file: SCHEMA,
    guards: "G30: refused",
    change: becomes("  if false then"),
    red: sql("budgets", "a budget that is used up refuses with its name"),
  },
  {
    id: "what-was-spent-is-not-booked",
    file: SCHEMA,
    guards: "G30: settled",
    change: remove,
    red: sql("budgets", "a run reserves in the day and in the month"),
  },
  {
    id: "a-superseded-attempt-draws",
    file: SCHEMA,
    guards: "G30: fence",
    change: becomes("  v_run public.agent_runs := private.run_of(p_run_id);"),
    red: sql("budget-draws", "an attempt that was superseded draws nothing"),
  },
  {
    id: "a-draw-is-never-refused",
    file: SCHEMA,
    guards: "G30: drawn",
    change: becomes("  if false then"),
    red: sql("budget-draws", "what is left when less than a step remains is taken"),
  },
  {
    id: "an-answer-goes-on-after-a-refusal",
    file: engine("spend-meter"),
    guards: "G30: stop",
    change: swap("refusal = reply.message", "grantedTokens = Number.POSITIVE_INFINITY"),
    red: unit("that is used up ends there: the text is kept"),
  },
  {
    id: "a-prompt-is-sent-that-nobody-pays",
    file: engine("ask-gateway"),
    guards: "G30: before the call",
    change: swap("if (!(await", "if (false && !(await"),
    red: unit("that does not cover the prompt makes no call"),
  },
];

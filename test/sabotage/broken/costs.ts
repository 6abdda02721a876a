/** Sabotages of what calls cost, and of who is shown it. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const agents = (file: string) => `packages/agents/src/${file}`;
const unit = (file: string, name: string) => ({ project: "unit", file, name }) as const;
const sql = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}`, name }) as const;

export const costSabotages: readonly Sabotage[] = [
  {
    id: "a-report-is-replaced-by-an-estimate",
    file: agents("engine/ask-gateway.ts"),
    guards: "G12: reported usage",
    change: swap("usage === null && ", ""),
    red: unit(
      agents("engine/estimates.test.ts"),
      "what the gateway reported is never replaced by an estimate",
    ),
  },
  {
    id: "an-attempt-ends-before-its-calls-are-estimated",
    file: agents("engine/run-agent.ts"),
    guards: "G25: estimates",
    change: remove,
    red: unit(
      agents("engine/estimates.test.ts"),
      "from the messages that were sent and the text that arrived, when the stream is cut",
    ),
  },
  {
    id: "a-refused-call-is-paid-for",
    file: agents("gateway/http-gateway.ts"),
    guards: "G25: refused calls",
    change: remove,
    red: unit(
      agents("gateway/receipts.test.ts"),
      "is refused as 429 in the stream before any text",
    ),
  },
  {
    id: "what-a-gateway-has-charged-is-computed-anew",
    file: "supabase/schemas/29_prices.sql",
    guards: "G12: cost as charged",
    change: swap("v_micros is null and ", ""),
    red: sql("cost.test.ts", "what its gateway says, if it says so"),
  },
  {
    id: "a-model-without-a-price-is-free",
    file: "supabase/schemas/29_prices.sql",
    guards: "G25: unknown price",
    change: swap(" or v_micros is null", ""),
    red: sql("cost.test.ts", "nothing that is known without a price"),
  },
  {
    id: "a-lost-attempt-is-not-said-to-be-an-estimate",
    file: "supabase/schemas/29_prices.sql",
    guards: "G25: lost worker",
    change: swap("v_calls is null or ", ""),
    red: sql("cost.test.ts", "says that the cost is an estimate also when nothing was noted"),
  },
  {
    id: "what-a-lost-worker-noted-is-forgotten",
    file: "supabase/schemas/29_prices.sql",
    guards: "G25: noted calls",
    change: swap("v_attempt.calls, ", ""),
    red: sql("cost.test.ts", "is what its attempt costs when the worker is lost, as an estimate"),
  },
  {
    id: "anybody-notes-calls-of-any-attempt",
    file: "supabase/schemas/63_note_calls.sql",
    guards: "G5: noted calls",
    change: swap("a.worker_id = p_worker_id and a.ended_at is null and ", ""),
    red: sql("cost.test.ts", "counts for the attempts that it holds, and for no others"),
  },
  {
    id: "usage-is-shown-of-any-workspace",
    file: "supabase/schemas/64_usage.sql",
    guards: "G18: usage",
    change: becomes(
      "  v_ids := array(select w.id from public.workspaces w where p_workspace_id is null or w.id = p_workspace_id);",
    ),
    red: sql("usage.test.ts", "shows everybody the workspaces that they may read, and no others"),
  },
  {
    id: "typical-costs-are-those-of-everybody",
    file: "supabase/schemas/64_usage.sql",
    guards: "G18: typical costs",
    change: swap(
      "(select distinct i from private.my_workspace_ids() i) w (id)",
      "public.workspaces w",
    ),
    red: sql(
      "usage.test.ts",
      "is the median and the ninth decile of completed runs in the caller's workspaces",
    ),
  },
  {
    id: "a-name-is-a-formula",
    file: "apps/api/src/routes/usage/usage-csv.ts",
    guards: "G18: formulas",
    change: becomes("  const text = value;"),
    red: unit("apps/api/src/routes/usage/usage-forms.test.ts", 'a name is no formula: "+1"'),
  },
  {
    id: "a-name-moves-the-cursor",
    file: "apps/api/src/routes/usage/usage-table.ts",
    guards: "G18: control characters",
    change: becomes("  const safe = name.trim();"),
    red: unit(
      "apps/api/src/routes/usage/usage-forms.test.ts",
      "a name moves no cursor, and a long one is cut",
    ),
  },
];

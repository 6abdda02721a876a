/** Sabotages of the limits on rows, prompts, answers and their repair. */
import { becomes, remove, type Sabotage, swap } from "../sabotage.ts";

const sql = (file: string) => `supabase/schemas/${file}.sql`;
const agents = (file: string) => `packages/agents/src/${file}`;
const ofSql = (file: string, name: string) =>
  ({ project: "integration", file: `supabase/tests/${file}.test.ts`, name }) as const;
const integration = (file: string, name: string) =>
  ({ project: "integration", file: `test/integration/${file}.int.test.ts`, name }) as const;
const unit = (file: string, name: string) =>
  ({ project: "unit", file: agents(file), name }) as const;

const ROWS: readonly Sabotage[] = [
  {
    id: "rows-of-any-size",
    file: sql("35_sizes"),
    guards: "G1: row size",
    change: swap("<= 131072", "<= 13107200"),
    red: ofSql("sizes", "columns within their limits do not add up to a larger row"),
  },
  {
    id: "names-as-long-as-texts",
    file: sql("35_sizes"),
    guards: "G1: name size",
    change: remove,
    red: ofSql("sizes", "brand_name refuses a larger value by the name of its limit"),
  },
  {
    id: "longer-texts",
    file: sql("35_sizes"),
    guards: "G1: text size",
    change: swap("20000", "20002"),
    red: ofSql("sizes", "tagline refuses a larger value by the name of its limit"),
  },
  {
    id: "metrics-as-large-as-lists",
    file: sql("35_sizes"),
    guards: "G1: metrics size",
    change: remove,
    red: ofSql(
      "sizes",
      "the metrics of a campaign's own hold little, because a thousand rows are read at once",
    ),
  },
  {
    id: "larger-lists",
    file: sql("35_sizes"),
    guards: "G1: list size",
    change: swap("65536", "65538"),
    red: ofSql("sizes", "core_values refuses a larger value by the name of its limit"),
  },
  {
    id: "inputs-of-any-size",
    file: sql("40_check_request"),
    guards: "G16: input bytes",
    change: becomes("  if false then"),
    red: integration("refused-inputs", "is too large"),
  },
  {
    id: "any-number-of-artifacts",
    file: sql("43_check_artifacts"),
    guards: "G1: artifact count",
    change: becomes("  if false then"),
    red: ofSql("save-artifacts", "too many rows: nothing is saved, and the run says so"),
  },
  {
    id: "artifacts-of-any-size",
    file: sql("43_check_artifacts"),
    guards: "G1: artifact bytes",
    change: becomes("  if false then"),
    red: ofSql("save-artifacts", "too much in them: nothing is saved, and the run says so"),
  },
  {
    id: "artifacts-with-names-of-any-length",
    file: sql("43_check_artifacts"),
    guards: "G1: artifact names",
    change: becomes("  if false then"),
    red: ofSql("save-artifacts", "a name that is none: nothing is saved, and the run says so"),
  },
  {
    id: "the-text-of-a-run-is-not-cut",
    file: sql("42_end_of_work"),
    guards: "G9: text bytes",
    change: becomes("    output_text = coalesce(v_text, r.output_text),"),
    red: ofSql(
      "finalize-run",
      "text beyond the limit is cut between characters, and the run says so",
    ),
  },
];

const READ: readonly Sabotage[] = [
  {
    id: "lists-of-any-size-are-read",
    file: "packages/shared/src/db/workspace-db.ts",
    guards: "G1: list budget",
    change: becomes("        if (characters < 0) {"),
    red: integration(
      "workspace-db",
      "of rows at their largest a run reads one page, and says that it read no more",
    ),
  },
  {
    id: "a-short-page-is-the-last",
    file: "packages/shared/src/db/workspace-db.ts",
    guards: "G1: last page",
    change: becomes("        if (page.data.length < PAGE_ROWS) break;"),
    red: integration(
      "workspace-db",
      "all rows of cmo_icp_segments are read if the database answers at most 3 at a time",
    ),
  },
  {
    id: "blocks-of-any-size",
    file: agents("prompt/prompt-data.ts"),
    guards: "G1: block bytes",
    change: swap("Math.min(bytes, BLOCK_MAX)", "bytes * 1_000"),
    red: unit(
      "prompt/prompt-data.test.ts",
      "a block stays bounded, whatever a workspace or a caller has stored: many within many",
    ),
  },
  {
    id: "any-number-of-large-blocks",
    file: agents("prompt/prompt-data.ts"),
    guards: "G1: prompt bytes",
    change: remove,
    red: unit(
      "prompt/user-message.test.ts",
      "all blocks together are limited, and the request is whole",
    ),
  },
];

const ANSWERS: readonly Sabotage[] = [
  {
    id: "answers-of-any-size",
    file: agents("answer-text/receive-text.ts"),
    guards: "G1: answer bytes",
    change: becomes("    const piece = safe;"),
    red: unit(
      "engine/run-agent.test.ts",
      "is cut between two characters, and nothing more is read",
    ),
  },
  {
    id: "answers-of-any-number-of-values",
    file: agents("engine/parse-output.ts"),
    guards: "G1: parts",
    change: remove,
    red: unit(
      "engine/parse-output.test.ts",
      "is refused if it has too many values, and the finding says so",
    ),
  },
  {
    id: "answers-of-any-length-are-repaired",
    file: agents("engine/parse-output.ts"),
    guards: "G1: repaired length",
    change: becomes("  const isLong = candidates.length > 1_000;"),
    red: unit(
      "engine/parse-output.test.ts",
      "that is malformed is not repaired, and the finding says why",
    ),
  },
  {
    id: "long-answers-are-repaired-at-once",
    file: agents("engine/repair-json.ts"),
    guards: "G1: repair in a thread",
    change: becomes("      if (characters >= 0) return texts.map(repairText);"),
    red: unit(
      "engine/repair-json.test.ts",
      "does not block the event loop while it repairs a long text",
    ),
  },
  {
    id: "a-repair-takes-any-time",
    file: agents("engine/repair-json.ts"),
    guards: "G1: time of a repair",
    change: becomes("      const inTime = ends;"),
    red: unit("engine/repair-json.test.ts", "gives up a repair that takes too long"),
  },
  {
    id: "all-texts-are-searched-for-claims",
    file: agents("marketing/unproven-claims.ts"),
    guards: "G1: checked text",
    change: remove,
    red: unit(
      "marketing/unproven-claims.test.ts",
      "an answer far longer than any is checked at its beginning only",
    ),
  },
];

export const sizeSabotages: readonly Sabotage[] = [...ROWS, ...READ, ...ANSWERS];

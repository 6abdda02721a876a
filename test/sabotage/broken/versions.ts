/** Sabotages of what is kept of a row when somebody changes it. */
import { becomes, type Sabotage } from "../sabotage.ts";

const red = (name: string, of = "versions") =>
  ({ project: "integration", file: `supabase/tests/${of}.test.ts`, name }) as const;

export const versionSabotages: readonly Sabotage[] = [
  {
    id: "an-edit-loses-what-was-there",
    file: "supabase/schemas/36_versions.sql",
    guards: "G26: first version",
    change: becomes("  if false then"),
    red: red("keeps what was there, signed by the run that had saved it"),
  },
  {
    id: "versions-without-end",
    file: "supabase/schemas/36_versions.sql",
    guards: "G1: versions of a row",
    change: becomes("  if true then"),
    red: red("are folded into one above the limit, and lose nothing of the rest"),
  },
  {
    id: "any-status-from-anywhere",
    file: "supabase/schemas/37_status.sql",
    guards: "G26: order of statuses",
    change: becomes("  if false then"),
    red: red("is refused where it skips a step, also without the function", "move-status"),
  },
  {
    id: "approved-whatever-it-becomes",
    file: "supabase/schemas/37_status.sql",
    guards: "G26: approval",
    change: becomes("  if false then"),
    red: red("makes an approved row a draft again"),
  },
  {
    id: "anybody-restores",
    file: "supabase/schemas/59_edit_rows.sql",
    guards: "G18: rows that are moved or restored",
    change: becomes("  if v_row is null then"),
    red: red("a row is nobody else's to move or restore, nor a viewer's", "move-status"),
  },
  {
    id: "a-row-gets-another-id",
    file: "supabase/schemas/11_row_ownership.sql",
    guards: "G18: origin",
    change: becomes("  if false then"),
    red: red("keeps its id, its creator and its run"),
  },
];

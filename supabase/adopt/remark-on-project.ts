/** What an owner should know about the project's own tables before the kernel uses them. */
import type { Existing, Policy } from "./catalogue.ts";
import type { Remark } from "./step.ts";

export function remarkOnProject(existing: Existing, theirs: ReadonlySet<string>): Remark[] {
  return [
    ...remarkOnOwner(existing, theirs),
    ...remarkOnEmpty(existing, theirs),
    ...[...theirs].filter((name) => !existing.tables.get(name)?.isSecured).map(toUnsecured),
    ...remarkOnPolicies(existing, theirs),
    ...remarkOnStatuses(existing, theirs),
  ];
}

function remarkOnOwner({ user, unowned }: Existing, theirs: ReadonlySet<string>): Remark[] {
  const foreign = unowned.filter((name) => theirs.has(name));
  if (foreign.length === 0) return [];
  const sentence = `You are ${user} and not the owner of ${foreign.join(", ")}. Connect as the owner, on Supabase postgres.`;
  return [{ about: "owner", sentence, weight: "stops" }];
}

function remarkOnEmpty({ tables, taken }: Existing, theirs: ReadonlySet<string>): Remark[] {
  if (theirs.size > 0 || taken.size > 0 || tables.has("public.workspaces")) return [];
  const sentence =
    "None of the app's tables are here. Is it the right one? For a new project, use `supabase db push`.";
  return [{ about: "database", sentence }];
}

const toUnsecured = (about: string): Remark => ({
  about,
  sentence:
    "Row level security is off: everybody with the project's public key reads and writes it. Enable it.",
  weight: "open",
});

/** One line for each condition: an app asks the same of most of its tables. */
function remarkOnPolicies({ policies }: Existing, theirs: ReadonlySet<string>): Remark[] {
  const own = [...policies.values()].filter(
    ({ table, isPermissive, condition }) =>
      theirs.has(table) && isPermissive && !/private\.my_|FROM workspaces w/.test(condition),
  );
  return [...Map.groupBy(own, ({ condition }) => condition)].map(([condition, alike]) => {
    const about = placesOf(alike);
    return condition.split(" / ").includes("true")
      ? {
          about,
          sentence: `Lets everybody in (${verbsOf(alike)}: true). Restrict it.`,
          weight: "open",
        }
      : {
          about,
          sentence: `Stays beside ours (${verbsOf(alike)}): ${shorten(condition)}. Make sure that it lets in members alone.`,
        };
  });
}

const NAMED = 3;

function placesOf(policies: readonly Policy[]): string {
  const tables = [...new Set(policies.map(({ table }) => table.replace("public.", "")))];
  const more = tables.length - NAMED;
  const names = tables.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return policies.length === 1
    ? `policy ${policies[0]?.table}.${policies[0]?.name}`
    : `${policies.length} policies on ${names}`;
}

const verbsOf = (policies: readonly Policy[]): string =>
  [...new Set(policies.map(({ verb }) => verb.toLowerCase()))].join(", ");

function remarkOnStatuses({ tables, taken }: Existing, theirs: ReadonlySet<string>): Remark[] {
  return [...theirs].flatMap((table) =>
    [...(tables.get(table)?.constraints ?? [])]
      .filter(([name, { definition }]) => {
        const isOurs =
          /_has_at_most_\d+_|^kernel_/.test(name) || taken.has(`table ${table} constraint ${name}`);
        return !isOurs && /^CHECK .*\bstatus\b/.test(definition);
      })
      .map(([name, { definition }]) => ({
        about: `${table}.${name}`,
        sentence: `This rule of yours stays: ${shorten(definition)}. The kernel writes these statuses: ${table === "public.agent_runs" ? "running, completed, failed, cancelled" : "draft, needs_review, approved, published, archived"}.`,
      })),
  );
}

const MAX = 120;

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > MAX ? `${line.slice(0, MAX)}…` : line;
};

/** What an owner should know about the project's own tables before the kernel uses them. */
import type { Existing } from "./catalogue.ts";
import type { Remark } from "./step.ts";

export function remarkOnProject(existing: Existing, theirs: ReadonlySet<string>): Remark[] {
  const tables = [...theirs].filter((name) => !existing.tables.get(name)?.isSecured);
  return [
    ...tables.map((about) => ({
      about,
      sentence:
        "Row level security is off: everybody with the project's public key reads and writes it. Enable it.",
    })),
    ...[...existing.policies.values()]
      .filter(({ table, isPermissive }) => theirs.has(table) && isPermissive)
      .filter(({ condition }) => !/private\.my_|FROM workspaces w/.test(condition))
      .map(({ table, name, verb, condition }) => ({
        about: `${table}.${name}`,
        sentence: `This policy of yours stays and lets in whom it lets in (${verb}: ${shorten(condition)}). Ours are added to it.`,
      })),
    ...[...theirs].flatMap((table) =>
      [...(existing.tables.get(table)?.constraints ?? [])]
        .filter(
          ([, { definition }]) =>
            /^CHECK .*\bstatus\b/.test(definition) && !/phase/.test(definition),
        )
        .map(([name, { definition }]) => ({
          about: `${table}.${name}`,
          sentence: `This rule of yours stays: ${shorten(definition)}. What the kernel writes must keep to it: runs are running, completed, failed or cancelled; drafts are draft, approved, published or archived.`,
        })),
    ),
  ];
}

const MAX = 120;

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > MAX ? `${line.slice(0, MAX)}…` : line;
};

/** What roles may do with our objects, and with the project's as far as they may not do it already. */
import type { Existing } from "./catalogue.ts";
import type { Scene } from "./plan-adoption.ts";
import { splitOutside } from "./split-statements.ts";
import type { Step } from "./step.ts";
import { oneLine, spelledOut } from "./target.ts";

/** `grant select, update (a, b) on x, y to r, s`, one privilege of one role on one object at a time. */
interface Privilege {
  readonly verb: string;
  readonly columns: string;
  /** `table`, `function` or `schema`. */
  readonly kind: string;
  readonly object: string;
  readonly role: string;
}

export function planPrivileges(sql: string, { existing, theirs, leftOut }: Scene): Step[] {
  const privileges = readGrant(sql).filter(({ object }) => !leftOut.has(object));
  return privileges.map((privilege) => {
    const { verb, columns, kind, object, role } = privilege;
    const what = `${verb}${columns} on ${kind === "table" ? "" : `${kind} `}${object}`;
    return {
      id: `grant ${what} to ${role}`,
      state: isHeld(privilege, existing) ? "there" : "missing",
      sql: [`grant ${what} to ${role}`],
      undo: theirs.has(object) ? `revoke ${what} from ${role}` : null,
    };
  });
}

function readGrant(sql: string): Privilege[] {
  const match = /^grant (.+?) on (?:(function|schema) )?(.+) to ([^()]+)$/.exec(oneLine(sql));
  const [, verbs = "", kind = "table", objects = "", roles = ""] = match ?? [];
  return splitList(verbs).flatMap((each) => {
    const [, verb = "", columns = ""] = /^(\w+)( \(.*\))?$/.exec(each) ?? [];
    return splitList(objects).flatMap((object) =>
      splitList(roles).map((role) => ({ verb, columns, kind, object: spelledOut(object), role })),
    );
  });
}

function isHeld({ verb, columns, kind, object, role }: Privilege, existing: Existing): boolean {
  const suffix = columns === "" ? "" : " of some columns";
  return (
    existing.privileges.has(`${kind} ${object} ${role} ${verb.toUpperCase()}`) ||
    existing.privileges.has(`${kind} ${object} ${role} ${verb.toUpperCase()}${suffix}`)
  );
}

const splitList = (text: string): string[] =>
  splitOutside(text, ",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

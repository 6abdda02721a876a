/** How a function of ours comes into a project that may have one of the same name. */
import type { Existing } from "./catalogue.ts";
import type { Part } from "./plan-adoption.ts";
import type { Step } from "./step.ts";
import { spelledOut, type TargetOf } from "./target.ts";

export const signatureOf = ({ name, arguments: types }: TargetOf<"function">): string =>
  spelledOut(`${name}(${types})`);

export function planFunction(one: TargetOf<"function">, existing: Existing): Part {
  const signature = signatureOf(one);
  const body = existing.functions.get(signature);
  const roles = "public, anon, authenticated, service_role";
  const step = {
    id: `function ${signature}`,
    sql: [one.sql, `revoke all on function ${signature} from ${roles}`],
    undo: `drop function ${signature}`,
  };
  if (body === undefined) {
    const namesake = namesakeOf(one, existing);
    return namesake === null ? only({ ...step, state: "missing" }) : leftOut(signature, namesake);
  }
  if (body === bodyOf(one.sql)) return only({ ...step, state: "there" });
  if (existing.taken.has(step.id)) {
    const replace = one.sql.replace(/^create function/, "create or replace function");
    return only({ ...step, state: "replaced", sql: [replace] });
  }
  if (one.name.startsWith("private.")) {
    const sentence =
      "The project has one that does something else. Rename it, then run this again.";
    return { steps: [], remarks: [{ about: signature, sentence, weight: "stops" }] };
  }
  return leftOut(signature, signature);
}

const only = (step: Step): Part => ({ steps: [step], remarks: [] });

function leftOut(signature: string, theirs: string): Part {
  const sentence = `The project has ${theirs}, and through the API nobody could tell them apart. Ours is left out: what it does is not there until you rename yours and run this again.`;
  return { steps: [], remarks: [{ about: signature, sentence }] };
}

function namesakeOf({ name }: TargetOf<"function">, { functions, taken }: Existing): string | null {
  if (!name.startsWith("public.")) return null;
  const others = [...functions.keys()].filter((key) => key.startsWith(`${name}(`));
  return others.find((key) => !taken.has(`function ${key}`)) ?? null;
}

const bodyOf = (sql: string): string => /\$\$([\s\S]*)\$\$/.exec(sql)?.[1] ?? "";

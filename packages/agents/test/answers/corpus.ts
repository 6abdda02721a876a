/** The corpus: every case of the files in the agents' folders, and the workspaces that they name. */
import { globSync, readFileSync } from "node:fs";
import { type AnswerCase, readCaseFile } from "./read-case-file.ts";
import { bergatem } from "./workspaces/bergatem.ts";
import { fernwick } from "./workspaces/fernwick.ts";
import { lohnhafen, lohnhafenWeekly } from "./workspaces/lohnhafen.ts";
import { nobodyDe, nobodyEn, nobodyEs, nobodyFr } from "./workspaces/nobody.ts";
import { northpine } from "./workspaces/northpine.ts";
import { olivar } from "./workspaces/olivar.ts";
import { savonnerie } from "./workspaces/savonnerie.ts";
import type { Workspace } from "./workspaces/workspace-rows.ts";

const FOLDER = new URL("./", import.meta.url);

const WORKSPACES: Readonly<Record<string, Workspace>> = {
  bergatem,
  fernwick,
  lohnhafen,
  lohnhafenWeekly,
  nobodyDe,
  nobodyEn,
  nobodyEs,
  nobodyFr,
  northpine,
  olivar,
  savonnerie,
};

export function readCorpus(): readonly AnswerCase[] {
  return globSync("*/*.md", { cwd: FOLDER })
    .toSorted()
    .flatMap((path) =>
      readCaseFile(path.replace(/\.md$/, ""), readFileSync(new URL(path, FOLDER), "utf8")),
    );
}

export function workspaceOf({ workspace, name }: AnswerCase): Workspace {
  const found = WORKSPACES[workspace];
  if (!found) throw new Error(`${name}: there is no workspace ${workspace}.`);
  return found;
}

const KNOWN = /^(?<name>\S+): (?<reason>.+)$/;

/** The cases that the product does not judge rightly yet, each with the reason. */
export function readKnownFailures(): ReadonlyMap<string, string> {
  const lines = readFileSync(new URL("known-failures.txt", FOLDER), "utf8").split("\n");
  const known = new Map<string, string>();
  for (const line of lines) {
    if (line === "" || line.startsWith("#")) continue;
    const { name, reason } = KNOWN.exec(line)?.groups ?? {};
    if (!name || !reason) throw new Error(`known-failures.txt: “${line}” gives no reason.`);
    if (known.has(name)) throw new Error(`known-failures.txt: ${name} is there twice.`);
    known.set(name, reason);
  }
  return known;
}

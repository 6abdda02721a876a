/** The list of guarantees as it stands in the documents, and its place in ARCHITECTURE.md. */
import { GUARANTEE_IDS, GUARANTEES } from "./guarantees.ts";

const BEGIN = "<!-- written by npm run docs:guarantees -->";
const END = "<!-- end of what npm run docs:guarantees writes -->";

const CHECKED_IN = {
  history: "every history",
  scenarios: "scenarios",
  tests: "tests",
} as const;

export function formatGuarantees(): string {
  const rows = GUARANTEE_IDS.map((id) => {
    const { sentence, covers, checkedIn } = GUARANTEES[id];
    return `| **${id}** | ${sentence} | ${covers} | ${CHECKED_IN[checkedIn]} |`;
  });
  return ["| | guarantee | covers | checked in |", "|---|---|---|---|", ...rows].join("\n");
}

/** The document with the list between its two markers. Throws when a marker is missing. */
export function withGuarantees(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document needs ${BEGIN} and ${END}.`);
  const head = document.slice(0, begin + BEGIN.length);
  return `${head}\n${formatGuarantees()}\n${document.slice(end)}`;
}

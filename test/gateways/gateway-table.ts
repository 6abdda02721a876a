/** The table of what becomes of each dialect's answers, and its place in docs/gateways.md. */
import { BODIES } from "../../apps/demo-gateway/src/bodies.ts";
import { DIALECT_CASES } from "../../apps/demo-gateway/src/dialect-faults.ts";
import { DIALECTS } from "../../apps/demo-gateway/src/dialects.ts";
import { type GatewayUnderTest, type Played, playGateway } from "./play-gateway.ts";

interface Row extends Played {
  readonly gateway: string;
  readonly answer: string;
}

/** Those of the demo gateway's oddities that are no stream, or no answer. */
const OF_ODDITIES = [
  ...["web-page", "plain-text", "no-content", "only-comments"],
  ...["hang-before-headers", "hang-mid-stream@0", "no-text", "bad-json-lines@4"],
] as const;

const FAULTS = [
  ...Object.entries(DIALECTS).flatMap(([name, { title }]) =>
    DIALECT_CASES.map((which) => ({ gateway: title, answer: which, fault: `${name}-${which}` })),
  ),
  ...[...OF_ODDITIES, ...Object.keys(BODIES)].map((name) => ({
    gateway: "any",
    answer: name,
    fault: name,
  })),
];

export async function playAll(under: GatewayUnderTest): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { gateway, answer, fault } of FAULTS) {
    rows.push({ gateway, answer, ...(await playGateway(under, fault)) });
  }
  return rows;
}

export function toMarkdown(rows: readonly Row[]): string {
  const lines = rows.map(({ gateway, answer, calls, ending, sentence, tokens }) =>
    [gateway, answer, calls, ending, sentence || "–", tokens].join(" | "),
  );
  return [
    "| gateway | answer | calls | ending | sentence | tokens |",
    "|---|---|---|---|---|---|",
    ...lines.map((line) => `| ${line} |`),
    "",
  ].join("\n");
}

const BEGIN = "<!-- The table is written by `npm run test:gateways`. -->\n";
const END = "<!-- The end of the table. -->";

/** Throws if the page has no place for the table. */
export function tableIn(page: string): string {
  const [from, to] = placeIn(page);
  return page.slice(from, to);
}

export function withTable(page: string, table: string): string {
  const [from, to] = placeIn(page);
  return page.slice(0, from) + table + page.slice(to);
}

function placeIn(page: string): readonly [number, number] {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("docs/gateways.md has no place for the table.");
  return [begin + BEGIN.length, end];
}

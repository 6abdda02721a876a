/** The table of clients and cases, as a page. */
import { CASES, type CaseName, MEANINGS } from "./case.ts";

export type Result =
  | { readonly kind: "works" }
  | { readonly kind: "not_offered"; readonly why: string }
  | { readonly kind: "fails"; readonly message: string };

export interface ClientResults {
  readonly name: string;
  readonly version: string;
  readonly results: Readonly<Record<CaseName, Result>>;
}

export function formatPage(all: readonly ClientResults[], on: string): string {
  return `# Clients

Written by \`npm run test:clients\`. Do not edit it by hand. Each client is used as it is published, against the
API, a worker and the demo gateway, and what it shows is compared with the row of the run. ● works, ○ has no way
to do it (below), ✗ fails.

| client | version | ${CASES.join(" | ")} |
|---|---|${CASES.map(() => "---").join("|")}|
${all.map(formatRow).join("\n")}

${CASES.map((name) => `- **${name}**: ${MEANINGS[name]}.`).join("\n")}

Played on ${on}.

## What a client cannot do, and what does it instead

${all.flatMap(formatReasons).join("\n")}
`;
}

const SIGNS = { works: "●", not_offered: "○", fails: "✗" };

function formatRow({ name, version, results }: ClientResults): string {
  const signs = CASES.map((one) => SIGNS[results[one].kind]);
  return `| ${[name, version, ...signs].join(" | ")} |`;
}

function formatReasons({ name, results }: ClientResults): string[] {
  return CASES.flatMap((one) => {
    const result = results[one];
    if (result.kind === "works") return [];
    const why = result.kind === "fails" ? `fails: ${result.message}` : result.why;
    return [`- ${name}, ${one}: ${why}.`];
  });
}

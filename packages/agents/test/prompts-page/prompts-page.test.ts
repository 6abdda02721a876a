import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { agentCatalog } from "../../src/catalog.ts";
import { countTokens } from "./count-tokens.ts";
import { newPromptsPage, PROMPTS_PAGE } from "./prompts-page.ts";

test("docs/prompts.md is what the agents are told; `npm run docs:prompts` writes it", () => {
  expect(readFileSync(PROMPTS_PAGE, "utf8")).toBe(newPromptsPage());
});

test.each(agentCatalog)("$name is printed with both messages", ({ name }) => {
  const page = newPromptsPage();

  expect(page).toContain(`### ${name}: system, `);
  expect(page).toContain(`### ${name}: user, `);
  expect(page).toContain(`You are ${name}, `);
});

/** Counted with o200k_base. */
test.each([
  ["The voice is the brand's: its `brand_voice` and `brand_tone`.", 18],
  ['{"name":"Harbor Ledger","time_zone":"Europe/Lisbon","currency":"EUR","language":"en"}', 23],
  ["Wochenplan in vier Minuten fertig, von einem Menschen freigegeben.", 15],
  ["", 0],
])("tokens are estimated closely: %s", (text, tokens) => {
  expect(Math.abs(countTokens(text) - tokens)).toBeLessThanOrEqual(Math.ceil(tokens * 0.2));
});

/** `npm run docs:prompts`: writes `docs/prompts.md`. */
import { writeFileSync } from "node:fs";
import { newPromptsPage, PROMPTS_PAGE } from "../packages/agents/test/prompts-page/prompts-page.ts";

writeFileSync(PROMPTS_PAGE, newPromptsPage());
console.log("Wrote docs/prompts.md.");

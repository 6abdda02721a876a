/** `npm run docs:limits`: writes `docs/limits.md`. */
import { writeFileSync } from "node:fs";
import { LIMITS_PAGE, REPOSITORY } from "../repository.ts";
import { newLimitsPage } from "./limits-page.ts";

writeFileSync(LIMITS_PAGE, newLimitsPage(REPOSITORY));
console.log("Wrote docs/limits.md.");

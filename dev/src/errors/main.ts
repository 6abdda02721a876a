/** `npm run docs:errors`: writes `docs/errors.md`. */
import { writeFileSync } from "node:fs";
import { ERRORS_PAGE } from "../repository.ts";
import { newErrorsPage } from "./errors-page.ts";

writeFileSync(ERRORS_PAGE, newErrorsPage());
console.log("Wrote docs/errors.md.");

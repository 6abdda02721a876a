/** `npm run docs:guarantees`: writes the list of guarantees into the documents that show it. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeFaultMatrix } from "./faults/fault-matrix.ts";
import { SCENARIOS } from "./faults/scenarios/index.ts";
import { withGuarantees } from "./guarantees-section.ts";

const architecture = fileURLToPath(new URL("../ARCHITECTURE.md", import.meta.url));
writeFileSync(architecture, withGuarantees(readFileSync(architecture, "utf8")));
console.log(`Written: ${architecture}`);
// Nothing was played: every row keeps its results, with the words and numbers of today.
console.log(`Written: ${writeFaultMatrix([], SCENARIOS)}`);

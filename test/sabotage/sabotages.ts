/** All sabotages, in the order in which they are run. */
import { callSabotages } from "./broken/calls.ts";
import { edgeSabotages } from "./broken/edges.ts";
import { laneSabotages } from "./broken/lanes.ts";
import { ledgerSabotages } from "./broken/ledger.ts";
import { membershipSabotages } from "./broken/membership.ts";
import { processSabotages } from "./broken/processes.ts";
import { sizeSabotages } from "./broken/sizes.ts";
import { streamSabotages } from "./broken/stream.ts";
import { versionSabotages } from "./broken/versions.ts";
import { workerSabotages } from "./broken/worker.ts";
import type { Sabotage } from "./sabotage.ts";

export const sabotages: readonly Sabotage[] = [
  ...laneSabotages,
  ...ledgerSabotages,
  ...streamSabotages,
  ...workerSabotages,
  ...edgeSabotages,
  ...callSabotages,
  ...processSabotages,
  ...sizeSabotages,
  ...membershipSabotages,
  ...versionSabotages,
];

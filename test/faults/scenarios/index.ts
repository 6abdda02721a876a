/** All scenarios, in the order of the catalogue. */
import { nameOf, type Scenario } from "../scenario.ts";
import { API_FAULTS } from "./apis.ts";
import { atDefaultTimes } from "./at-default-times.ts";
import { CANCEL_FAULTS } from "./cancels.ts";
import { CLIENT_FAULTS } from "./clients.ts";
import { DATABASE_FAULTS } from "./database.ts";
import { DATABASE_LIMIT_FAULTS } from "./database-limits.ts";
import { DATABASE_REFUSAL_FAULTS } from "./database-refusals.ts";
import { GATEWAY_FAULTS } from "./gateway.ts";
import { GATEWAY_FORM_FAULTS } from "./gateway-forms.ts";
import { LARGE_ROW_FAULTS } from "./large-rows.ts";
import { MACHINE_FAULTS } from "./machine.ts";
import { MEMORY_FAULTS } from "./memory.ts";
import { NEMESIS } from "./nemesis.ts";
import { PROCESS_FAULTS } from "./processes.ts";
import { READER_FAULTS } from "./readers.ts";
import { REDIS_FAULTS } from "./redis.ts";
import { REDIS_LOSS_FAULTS } from "./redis-losses.ts";
import { TENANT_FAULTS } from "./tenants.ts";
import { WORKER_FAULTS } from "./workers.ts";

/** Those that shorter times could hide. */
const AT_DEFAULT_TIMES = ["F02", "F05", "F18", "F67"];

const AT_THEIR_TIMES: readonly Scenario[] = [
  ...WORKER_FAULTS,
  ...API_FAULTS,
  ...REDIS_FAULTS,
  ...REDIS_LOSS_FAULTS,
  ...DATABASE_FAULTS,
  ...DATABASE_LIMIT_FAULTS,
  ...DATABASE_REFUSAL_FAULTS,
  ...GATEWAY_FAULTS,
  ...GATEWAY_FORM_FAULTS,
  ...MEMORY_FAULTS,
  ...CLIENT_FAULTS,
  ...CANCEL_FAULTS,
  ...PROCESS_FAULTS,
  ...READER_FAULTS,
  ...MACHINE_FAULTS,
  ...NEMESIS,
  ...LARGE_ROW_FAULTS,
  ...TENANT_FAULTS,
];

export const SCENARIOS: readonly Scenario[] = [
  ...AT_THEIR_TIMES,
  ...AT_THEIR_TIMES.filter(({ id }) => AT_DEFAULT_TIMES.includes(id)).map(atDefaultTimes),
].toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));

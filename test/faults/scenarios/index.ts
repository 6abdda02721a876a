/** Every fault that is tested, in the order of the catalogue. */
import type { Scenario } from "../scenario.ts";
import { API_FAULTS } from "./apis.ts";
import { CLIENT_FAULTS } from "./clients.ts";
import { DATABASE_FAULTS } from "./database.ts";
import { GATEWAY_FAULTS } from "./gateway.ts";
import { NEMESIS } from "./nemesis.ts";
import { REDIS_FAULTS } from "./redis.ts";
import { WORKER_FAULTS } from "./workers.ts";

export const SCENARIOS: readonly Scenario[] = [
  ...WORKER_FAULTS,
  ...API_FAULTS,
  ...REDIS_FAULTS,
  ...DATABASE_FAULTS,
  ...GATEWAY_FAULTS,
  ...CLIENT_FAULTS,
  ...NEMESIS,
].toSorted((one, other) => one.id.localeCompare(other.id));

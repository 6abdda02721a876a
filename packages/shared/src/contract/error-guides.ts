/** The guides of all error codes, and the sections of docs/errors.md. */
import type { ErrorGuides } from "./error-guide.ts";
import { ACCESS_GUIDES, LIMIT_GUIDES, REQUEST_GUIDES } from "./error-guides-of-requests.ts";
import { OUTAGE_GUIDES, RUN_GUIDES } from "./error-guides-of-runs.ts";

export const ERROR_GUIDES: ErrorGuides = {
  ...ACCESS_GUIDES,
  ...REQUEST_GUIDES,
  ...LIMIT_GUIDES,
  ...RUN_GUIDES,
  ...OUTAGE_GUIDES,
};

export const ERROR_SECTIONS = [
  { title: "Authentication and access", guides: ACCESS_GUIDES },
  { title: "The request", guides: REQUEST_GUIDES },
  { title: "Limits", guides: LIMIT_GUIDES },
  { title: "Failures of a run", guides: RUN_GUIDES },
  { title: "Outages", guides: OUTAGE_GUIDES },
] as const;

/** Paths in this repository that the local stack uses. */
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const REPOSITORY = at(".");

/** Data, keys and logs of `npm start`; ignored by git. */
export const LOCAL_FOLDER = at(".local");

export const SCHEMAS_FOLDER = at("supabase/schemas");
export const MIGRATIONS_FOLDER = at("supabase/migrations");
export const SEED_FILE = at("supabase/seed.sql");

/** Written by `npm run types:db`. */
export const TYPES_FILE = at("packages/shared/src/db/types.gen.ts");

/** Written by `npm run docs:limits`. */
export const LIMITS_PAGE = at("docs/limits.md");

/** Written by `npm run docs:errors`. */
export const ERRORS_PAGE = at("docs/errors.md");

export const PROGRAMS = {
  api: at("apps/api/src/main.ts"),
  worker: at("apps/worker/src/main.ts"),
  gateway: at("apps/demo-gateway/src/main.ts"),
};

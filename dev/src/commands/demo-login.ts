/** A user of supabase/seed.sql who has just signed up and has no workspace. */
export const NEWCOMER_LOGIN = { email: "newcomer@cmo-kernel.test", password: "demo-password" };

/** The user that supabase/seed.sql creates with two workspaces, for people and for `npm run demo`. */
export const DEMO_LOGIN = { email: "demo@cmo-kernel.test", password: "demo-password" };

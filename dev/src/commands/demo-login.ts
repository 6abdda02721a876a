/** The user that supabase/seed.sql makes, for people and for `npm run demo`. */
export const DEMO_LOGIN = { email: "demo@cmo-kernel.test", password: "demo-password" };

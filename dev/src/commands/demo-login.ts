/** The user that supabase/seed.sql creates, for people and for `npm run demo`. */
export const DEMO_LOGIN = { email: "demo@cmo-kernel.test", password: "demo-password" };

/** Workspaces in which nothing is written down yet, for interviews. */
import { profile, type Workspace } from "./workspace-rows.ts";

function blank(name: string, language: string, currency: string, time_zone: string): Workspace {
  return {
    profile: profile(name, { time_zone, currency, language }),
    today: "2026-12-01",
    rows: {},
  };
}

export const nobodyEn = blank("My workspace", "en", "USD", "America/New_York");
export const nobodyDe = blank("Mein Arbeitsbereich", "de", "EUR", "Europe/Berlin");
export const nobodyFr = blank("Mon espace", "fr", "EUR", "Europe/Paris");
export const nobodyEs = blank("Mi espacio", "es", "EUR", "Europe/Madrid");

/**
 * The closed vocabularies of the domain. The screens and the `cmo_*` rows contain these exact words,
 * so a word is never changed.
 */
export const FUNNEL_STAGES = [
  "awareness",
  "consideration",
  "conversion",
  "retention",
  "advocacy",
] as const;

export const FUNNEL_TYPES = ["marketing", "sales", "product"] as const;

export const CAMPAIGN_GOALS = [
  "lead_gen",
  "nurture",
  "reactivation",
  "retention",
  "awareness",
  "conversion",
] as const;

export const CTA_INTENTS = ["educate", "engage", "convert", "retain", "refer"] as const;

export const LEVELS = ["low", "medium", "high"] as const;

export const MEASUREMENTS = ["daily", "weekly", "monthly"] as const;

export const MILESTONE_METRICS = [
  "leads",
  "mqls",
  "revenue",
  "reach",
  "conversions",
  "signups",
  "engagement",
  "traffic",
] as const;

export const OFFER_TYPES = ["product", "service", "subscription"] as const;

export const CONTENT_CHANNELS = [
  "email",
  "linkedin",
  "facebook",
  "instagram",
  "twitter",
  "google_ads",
  "blog",
  "landing_page",
  "video_script",
] as const;

export const CONTENT_TYPES = [
  "blog",
  "video",
  "infographic",
  "email",
  "ad",
  "social_post",
  "landing_page",
  "webinar",
  "case_study",
  "ebook",
] as const;

/** The named periods of an analysis; any other period is given by its dates. */
export const PERIODS = [
  "last_7_days",
  "last_30_days",
  "last_90_days",
  "this_month",
  "last_month",
  "this_quarter",
  "last_quarter",
] as const;

export type NamedPeriod = (typeof PERIODS)[number];

/**
 * What others reach, for workspaces without numbers of their own. Every prompt takes its benchmarks
 * from here. Each has its source and the year of its data; all were looked up on `AS_OF`, some of them in
 * articles that quote their source. They are averages of many trades, mostly from the United States:
 * orders of magnitude, never goals.
 */
export const AS_OF = "2026-12-01";

interface Benchmark {
  /** Continues a sentence of the prompt. */
  readonly says: string;
  readonly source: string;
  readonly year: number;
  readonly url: string;
}

export const BENCHMARKS = {
  email: {
    says: "2–3 % of the receivers of an e-mail click (opens are counted too high since mail programs load pictures by themselves: judge by clicks)",
    source: "Mailchimp 2.6 %, WebFX 2.4 %, averages over all trades",
    year: 2025,
    url: "https://www.webfx.com/blog/marketing/email-marketing-benchmarks",
  },
  social: {
    says: "a post moves well below 1 % of its followers to react (Instagram some 0.4 %, Facebook and X less than 0.1 %)",
    source: "Rival IQ, Social Media Industry Benchmark Report, medians",
    year: 2025,
    url: "https://www.rivaliq.com/blog/social-media-industry-benchmark-report/",
  },
  landingPage: {
    says: "2–4 % of a site's or landing page's visitors become leads (of software 3.8 % in the middle)",
    source: "First Page Sage, and Unbounce's Conversion Benchmark Report of 41,000 pages",
    year: 2024,
    url: "https://unbounce.com/conversion-benchmark-report/methodology/",
  },
  searchAds: {
    says: "a click on a search ad costs some 5 US dollars and a lead some 70, by trade 30 to 130",
    source: "WordStream by LocaliQ, Google Ads benchmarks, 16,446 campaigns",
    year: 2025,
    url: "https://www.wordstream.com/blog/2025-google-ads-benchmarks",
  },
  leadToCustomer: {
    says: "1–5 % of all business leads become customers, 20–30 % of those that sales negotiates with",
    source: "First Page Sage and HubSpot, rates of the stages, multiplied",
    year: 2026,
    url: "https://altiorco.com/revops-dictionary/conversion-rate",
  },
  customerCost: {
    says: "a customer therefore costs what a lead costs divided by that rate: hundreds to thousands in business software, not tens",
    source: "the cost of a lead by the rate of leads that buy",
    year: 2026,
    url: "https://www.wordstream.com/blog/2025-google-ads-benchmarks",
  },
} as const satisfies Record<string, Benchmark>;

/** The benchmarks in one sentence of a prompt. */
export function describeBenchmarks(...names: readonly (keyof typeof BENCHMARKS)[]): string {
  const all = names.map((name) => BENCHMARKS[name].says).join("; ");
  return `Benchmarks of others (averages, as of ${AS_OF.slice(0, 7)}): ${all}.`;
}

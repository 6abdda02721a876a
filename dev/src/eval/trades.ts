/**
 * Five invented businesses for the evaluation, of different trades, languages, currencies and time
 * zones. One of them has entered nothing but its name.
 */
export interface Trade {
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly language: string;
  readonly brand: {
    readonly promise: string;
    readonly industry: string;
    readonly tone: string;
  };
  readonly segments: readonly Segment[];
  readonly offers: readonly Offer[];
  /** With six weeks of numbers each. */
  readonly campaigns: readonly {
    readonly name: string;
    readonly cost: number;
    readonly trend: number;
  }[];
  readonly goal: string;
  readonly budget: number;
  readonly channels: readonly string[];
}

interface Segment {
  readonly name: string;
  readonly pains: readonly string[];
  readonly goals: readonly string[];
  readonly channels: readonly string[];
}

interface Offer {
  readonly name: string;
  readonly type: "product" | "service" | "subscription";
  readonly benefits: readonly string[];
  readonly price: readonly [min: number, max: number];
}

export const TRADES: readonly Trade[] = [
  {
    name: "Zahnarztpraxis Lindenhof",
    time_zone: "Europe/Zurich",
    currency: "CHF",
    language: "de-CH",
    brand: {
      promise: "Behandlungen ohne Eile, mit einem Preis, der vorher feststeht",
      industry: "Zahnmedizin",
      tone: "ruhig und klar",
    },
    segments: [
      {
        name: "Familien im Quartier",
        pains: ["Kinder mit Angst", "Termine nur am Vormittag"],
        goals: ["Vorsorge ohne Drama"],
        channels: ["Newsletter", "Instagram"],
      },
      {
        name: "Angstpatientinnen",
        pains: ["Schlechte Erfahrungen"],
        goals: ["Wieder lachen können"],
        channels: ["Google Ads"],
      },
    ],
    offers: [
      { name: "Erstgespräch", type: "service", benefits: ["Ein fester Preis"], price: [90, 120] },
      {
        name: "Vorsorge-Abo",
        type: "subscription",
        benefits: ["Zwei Termine im Jahr"],
        price: [280, 360],
      },
    ],
    campaigns: [{ name: "Frühlingskontrolle", cost: 410.5, trend: 0.04 }],
    goal: "80 neue Familien in der Kartei",
    budget: 12_500,
    channels: ["Newsletter", "Google Ads"],
  },
  {
    name: "Marujá Surf & Café",
    time_zone: "America/Sao_Paulo",
    currency: "BRL",
    language: "pt-BR",
    brand: {
      promise: "A primeira onda em dois dias, ou o terceiro é nosso",
      industry: "Turismo de aventura",
      tone: "alegre",
    },
    segments: [
      {
        name: "Casais de São Paulo",
        pains: ["Pouco tempo", "Medo do mar"],
        goals: ["Um fim de semana diferente"],
        channels: ["Instagram", "WhatsApp"],
      },
    ],
    offers: [
      {
        name: "Fim de semana da primeira onda",
        type: "service",
        benefits: ["Prancha incluída"],
        price: [780, 980],
      },
    ],
    campaigns: [
      { name: "Verão de ondas", cost: 950, trend: -0.12 },
      { name: "Amigos trazem amigos", cost: 220, trend: 0.1 },
    ],
    goal: "Encher os fins de semana de baixa temporada",
    budget: 30_000,
    channels: ["Instagram", "Email"],
  },
  {
    name: "北浜会計 Kitahama Ledger",
    time_zone: "Asia/Tokyo",
    currency: "JPY",
    language: "ja",
    brand: { promise: "月次決算を五営業日で", industry: "会計ソフトウェア", tone: "丁寧" },
    segments: [
      {
        name: "小規模製造業の経理担当",
        pains: ["紙の請求書", "月末の残業"],
        goals: ["定時に帰る"],
        channels: ["Email", "LinkedIn"],
      },
    ],
    offers: [
      {
        name: "スタンダードプラン",
        type: "subscription",
        benefits: ["自動仕訳"],
        price: [9_800, 19_800],
      },
    ],
    campaigns: [{ name: "インボイス対応", cost: 84_000, trend: 0 }],
    goal: "無料体験を月120件に",
    budget: 2_400_000,
    channels: ["Email", "LinkedIn"],
  },
  {
    name: "O'Malley & Daughters Roofing",
    time_zone: "America/Chicago",
    currency: "USD",
    language: "en-US",
    brand: {
      promise: "A roof in one day, with the same crew from estimate to cleanup",
      industry: "Home improvement",
      tone: "plain-spoken",
    },
    segments: [
      {
        name: "Homeowners after a storm",
        pains: ["Insurance paperwork", "Crews that never come back"],
        goals: ["A dry house this week"],
        channels: ["Google Ads", "Facebook"],
      },
      {
        name: "Property managers",
        pains: ["Leaks in ten buildings"],
        goals: ["One number to call"],
        channels: ["Email"],
      },
      {
        name: "Churches",
        pains: ["Tight budgets"],
        goals: ["A roof for thirty years"],
        channels: ["Events"],
      },
    ],
    offers: [
      { name: "Storm Check", type: "service", benefits: ["Free, within 24 hours"], price: [0, 0] },
      {
        name: "One-Day Roof",
        type: "product",
        benefits: ["Done in a day", "Ten-year guarantee"],
        price: [9_500, 24_000],
      },
    ],
    campaigns: [],
    goal: "35 signed roofs before the season ends",
    budget: 48_000,
    channels: ["Google Ads", "Facebook", "Email"],
  },
  {
    name: "New here",
    time_zone: "UTC",
    currency: "EUR",
    language: "en",
    brand: { promise: "", industry: "", tone: "" },
    segments: [],
    offers: [],
    campaigns: [],
    goal: "Our first ten customers",
    budget: 1_000,
    channels: ["Email"],
  },
];

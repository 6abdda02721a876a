/** Written by npm run types:client from the schemas of the API. Do not edit. */

export interface Wire {
  run: Run;
  page: RunPage;
  pipeline: Pipeline;
  workspaces: WorkspaceList;
  usage: UsageReport;
  events: EventDataByType;
  outputs: OutputByMode;
}
/**
 * One execution of one agent for one workspace.
 */
export interface Run {
  id: string;
  tenant_id: string;
  workspace_id: string;
  created_by: string | null;
  agent: string;
  agent_version: number | null;
  mode: "setup" | "strategy" | "funnels" | "campaigns" | "content" | "optimization";
  status: "running" | "completed" | "failed" | "cancelled";
  phase: "queued" | "active" | "done";
  /**
   * The number of times that a worker has started this run.
   */
  attempt: number;
  input: {
    [k: string]: unknown;
  };
  output: {
    [k: string]: unknown;
  } | null;
  /**
   * The text of the last attempt, up to 1 MiB.
   */
  output_text: string | null;
  /**
   * The length of the text in UTF-16 code units.
   */
  text_length: number;
  truncated: boolean;
  usage: Usage | null;
  cost: Cost;
  model: string | null;
  artifacts: ArtifactRef[];
  /**
   * Known problems in the output.
   */
  warnings: Warning[];
  save_artifacts: boolean;
  on_rate_limit: "fail" | "wait";
  retry_of: string | null;
  pipeline_id: string | null;
  /**
   * The position in the pipeline, counted from 1.
   */
  pipeline_step: number | null;
  error_code: string | null;
  error_message: string | null;
  cancel_requested_at: string | null;
  /**
   * Milliseconds from acceptance to the first claim.
   */
  queued_ms: number | null;
  /**
   * Milliseconds from the first claim to the end.
   */
  duration_ms: number | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
}
export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /**
   * Of the prompt tokens, those that the provider read from its cache.
   */
  cached_tokens?: number;
}
/**
 * Of all attempts that have ended, whatever became of them.
 */
export interface Cost {
  /**
   * Millionths of the currency's unit.
   */
  micros: number;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * Whether a part is an estimate: the gateway reported no usage, a worker was lost, or a model has no price.
   */
  estimated: boolean;
}
/**
 * A row that the run saved.
 */
export interface ArtifactRef {
  table: string;
  id: string;
  /**
   * The path of the row, relative to the URL of the Supabase project. Read it as the same user.
   */
  href?: string;
}
/**
 * A known problem in the output.
 */
export interface Warning {
  /**
   * The kind of problem, such as `sum`, `date`, `reference` or `claim`.
   */
  kind: string;
  /**
   * The path in the output, such as `stages[2].budget`. May be empty.
   */
  path: string;
  message: string;
}
export interface RunPage {
  runs: RunSummary[];
  next: string | null;
}
export interface RunSummary {
  id: string;
  tenant_id: string;
  workspace_id: string;
  created_by: string | null;
  agent: string;
  agent_version: number | null;
  mode: "setup" | "strategy" | "funnels" | "campaigns" | "content" | "optimization";
  status: "running" | "completed" | "failed" | "cancelled";
  phase: "queued" | "active" | "done";
  /**
   * The number of times that a worker has started this run.
   */
  attempt: number;
  /**
   * The length of the text in UTF-16 code units.
   */
  text_length: number;
  truncated: boolean;
  usage: Usage | null;
  cost: Cost1;
  model: string | null;
  artifacts: ArtifactRef[];
  /**
   * Known problems in the output.
   */
  warnings: Warning[];
  save_artifacts: boolean;
  on_rate_limit: "fail" | "wait";
  retry_of: string | null;
  pipeline_id: string | null;
  /**
   * The position in the pipeline, counted from 1.
   */
  pipeline_step: number | null;
  error_code: string | null;
  error_message: string | null;
  cancel_requested_at: string | null;
  /**
   * Milliseconds from acceptance to the first claim.
   */
  queued_ms: number | null;
  /**
   * Milliseconds from the first claim to the end.
   */
  duration_ms: number | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
}
/**
 * Of all attempts that have ended, whatever became of them.
 */
export interface Cost1 {
  /**
   * Millionths of the currency's unit.
   */
  micros: number;
  /**
   * ISO 4217.
   */
  currency: string;
  /**
   * Whether a part is an estimate: the gateway reported no usage, a worker was lost, or a model has no price.
   */
  estimated: boolean;
}
/**
 * A sequence of runs that build on one another.
 */
export interface Pipeline {
  id: string;
  tenant_id: string;
  workspace_id: string;
  created_by: string;
  status: "running" | "completed" | "failed" | "cancelled";
  steps: ("strategy" | "funnels" | "campaigns" | "content")[];
  /**
   * The current or last step, counted from 1.
   */
  step: number;
  /**
   * The payload of each step, without the artifacts of the previous steps.
   */
  inputs: {
    [k: string]: {
      [k: string]: unknown;
    };
  };
  failed_step: ("strategy" | "funnels" | "campaigns" | "content") | null;
  error_code: string | null;
  error_message: string | null;
  cancel_requested_at: string | null;
  created_at: string;
  completed_at: string | null;
  /**
   * @minItems 1
   */
  runs: RunSummary[];
}
export interface WorkspaceList {
  workspaces: Workspace[];
  /**
   * Accept one with the database function `accept_invitation`.
   */
  invitations: {
    workspace_id: string;
    name: string;
    role: "owner" | "admin" | "member" | "viewer";
    created_at: string;
  }[];
}
export interface Workspace {
  id: string;
  tenant_id: string;
  name: string;
  /**
   * Yours. Viewers may read, and do nothing else.
   */
  role: "owner" | "admin" | "member" | "viewer";
  is_default: boolean;
  time_zone: string;
  currency: string;
  language: string;
  created_at: string;
}
/**
 * What attempts that began in these days have used.
 */
export interface UsageReport {
  group_by: "tenant" | "workspace" | "user" | "mode" | "model" | "day";
  from: string;
  to: string;
  time_zone: string;
  currency: string;
  /**
   * Days by time, everything else by cost, the highest first.
   */
  rows: {
    runs: number;
    /**
     * Executions of the runs. Each of them is paid for.
     */
    attempts: number;
    /**
     * Requests to the AI gateway, also those that it refused.
     */
    calls: number;
    prompt_tokens: number;
    /**
     * Of the prompt tokens, those that were read from a cache.
     */
    cached_tokens: number;
    /**
     * With the thoughts of the model.
     */
    completion_tokens: number;
    /**
     * Millionths of the currency's unit.
     */
    cost_micros: number;
    /**
     * The part of `cost_micros` that is an estimate.
     */
    estimated_micros: number;
    /**
     * Calls of models without a price. They count as 0.
     */
    unpriced_calls: number;
    /**
     * An id, a mode, a model in lower case, or a day. May be empty.
     */
    key: string;
    /**
     * Of a tenant or a workspace.
     */
    name: string | null;
  }[];
  totals: {
    runs: number;
    /**
     * Executions of the runs. Each of them is paid for.
     */
    attempts: number;
    /**
     * Requests to the AI gateway, also those that it refused.
     */
    calls: number;
    prompt_tokens: number;
    /**
     * Of the prompt tokens, those that were read from a cache.
     */
    cached_tokens: number;
    /**
     * With the thoughts of the model.
     */
    completion_tokens: number;
    /**
     * Millionths of the currency's unit.
     */
    cost_micros: number;
    /**
     * The part of `cost_micros` that is an estimate.
     */
    estimated_micros: number;
    /**
     * Calls of models without a price. They count as 0.
     */
    unpriced_calls: number;
  };
  /**
   * Whether there are more than the 1 000 rows. `totals` has all.
   */
  truncated: boolean;
}
export interface EventDataByType {
  attempt: {
    attempt: number;
    /**
     * Whether to discard the text received so far.
     */
    reset: boolean;
    reason: string | null;
  };
  delta: {
    text: string;
    /**
     * The length of the preceding text of this attempt in UTF-16 code units.
     */
    offset: number;
  };
  progress: {
    percent: number;
    /**
     * The finished sections of the output in order, or the known topics of an interview.
     */
    done: string[];
    /**
     * The answer is being corrected, and `done` lists the sections of the correction.
     */
    repairing?: true;
  };
  partial: {
    path: string;
    value: unknown;
  };
  waiting: {
    reason: string;
    until: string;
  };
  usage: Usage;
  completed: {
    output: {
      [k: string]: unknown;
    } | null;
    usage: Usage | null;
    duration_ms: number;
    artifacts: ArtifactRef[];
    warnings: Warning[];
    text_length: number;
  };
  failed: {
    code: string;
    error: string;
    retryable: boolean;
    text_length: number;
  };
  cancelled: {
    text_length: number;
  };
}
export interface OutputByMode {
  setup: {
    /**
     * What is shown to the user: the answer without its blocks; may then be empty.
     */
    message: string;
    /**
     * The brand profile, once it is complete.
     */
    brand?: {
      brand_name: string;
      tagline: string | null;
      mission_statement: string | null;
      /**
       * 3–5 adjectives in one sentence
       */
      brand_voice: string | null;
      brand_tone: string | null;
      /**
       * 3–5 traits
       */
      brand_personality: string[];
      core_values: string[];
      /**
       * Hex codes
       */
      brand_colors: {
        primary: string | null;
        secondary: string | null;
        accent: string | null;
      } | null;
      brand_fonts: {
        heading: string | null;
        body: string | null;
      } | null;
      logo_url: string | null;
      website_url: string | null;
      industry: string | null;
      competitors: {
        name: string;
        notes: string;
      }[];
      unique_value_proposition: string | null;
      key_differentiators: string[];
      /**
       * 3–5 messages that everything else supports
       */
      messaging_pillars: string[];
      content_themes: string[];
      /**
       * Entries of its known lists that the owner took back, word for word
       */
      remove?: string[];
    };
    /**
     * One customer segment, once it is complete.
     */
    icp?: {
      segment_name: string;
      segment_description: string | null;
      demographics: {
        age_range: string | null;
        location: string | null;
        income_level: string | null;
      } | null;
      psychographics: {
        interests: string[];
        values: string[];
        lifestyle: string | null;
      } | null;
      /**
       * At least 3
       */
      pain_points: string[];
      /**
       * At least 3
       */
      goals: string[];
      /**
       * At least 2
       */
      buying_triggers: string[];
      /**
       * At least 2
       */
      objections: string[];
      preferred_channels: string[];
      content_preferences: {
        format: string | null;
        tone: string | null;
        topics: string[];
      } | null;
      decision_criteria: string[];
      budget_range: {
        min: number | null;
        max: number | null;
        /**
         * ISO 4217
         */
        currency: string | null;
      } | null;
      company_size: string | null;
      industry_verticals: string[];
      job_titles: string[];
      /**
       * True for one segment only
       */
      is_primary: boolean;
      /**
       * 0–100
       */
      priority_score: number | null;
      /**
       * Entries of its known lists that the owner took back, word for word
       */
      remove?: string[];
    };
    /**
     * One offer, once it is complete.
     */
    offer?: {
      offer_name: string;
      offer_type: "product" | "service" | "subscription";
      description: string | null;
      key_benefits: string[];
      features: string[];
      pricing_model: string | null;
      price_range: {
        min: number | null;
        max: number | null;
        /**
         * ISO 4217
         */
        currency: string | null;
      } | null;
      /**
       * Names of segments that are known
       */
      target_segments: string[];
      use_cases: string[];
      success_metrics: string[];
      competitive_positioning: string | null;
      /**
       * True for one offer only
       */
      is_flagship: boolean;
      status: "active" | "draft" | "archived";
      /**
       * Entries of its known lists that the owner took back, word for word
       */
      remove?: string[];
    };
    /**
     * Further segments of the same answer.
     */
    more_icp?: {
      segment_name: string;
      segment_description: string | null;
      demographics: {
        age_range: string | null;
        location: string | null;
        income_level: string | null;
      } | null;
      psychographics: {
        interests: string[];
        values: string[];
        lifestyle: string | null;
      } | null;
      /**
       * At least 3
       */
      pain_points: string[];
      /**
       * At least 3
       */
      goals: string[];
      /**
       * At least 2
       */
      buying_triggers: string[];
      /**
       * At least 2
       */
      objections: string[];
      preferred_channels: string[];
      content_preferences: {
        format: string | null;
        tone: string | null;
        topics: string[];
      } | null;
      decision_criteria: string[];
      budget_range: {
        min: number | null;
        max: number | null;
        /**
         * ISO 4217
         */
        currency: string | null;
      } | null;
      company_size: string | null;
      industry_verticals: string[];
      job_titles: string[];
      /**
       * True for one segment only
       */
      is_primary: boolean;
      /**
       * 0–100
       */
      priority_score: number | null;
      /**
       * Entries of its known lists that the owner took back, word for word
       */
      remove?: string[];
    }[];
    /**
     * Further offers of the same answer.
     */
    more_offer?: {
      offer_name: string;
      offer_type: "product" | "service" | "subscription";
      description: string | null;
      key_benefits: string[];
      features: string[];
      pricing_model: string | null;
      price_range: {
        min: number | null;
        max: number | null;
        /**
         * ISO 4217
         */
        currency: string | null;
      } | null;
      /**
       * Names of segments that are known
       */
      target_segments: string[];
      use_cases: string[];
      success_metrics: string[];
      competitive_positioning: string | null;
      /**
       * True for one offer only
       */
      is_flagship: boolean;
      status: "active" | "draft" | "archived";
      /**
       * Entries of its known lists that the owner took back, word for word
       */
      remove?: string[];
    }[];
    /**
     * How far the step is, counted and not guessed.
     */
    progress?: {
      step: "brand" | "icp" | "offers";
      /**
       * The share of the step's topics that are known.
       */
      percent: number;
      known: string[];
      /**
       * What is still to be asked.
       */
      missing: string[];
      /**
       * What is known from the conversation alone, and not written down yet.
       */
      said?: string[];
    };
  };
  strategy: {
    /**
     * At most 120 characters
     */
    plan_name: string;
    /**
     * 3–5 sentences that a busy owner understands
     */
    executive_summary: string;
    /**
     * YYYY-MM-DD, as requested
     */
    start_date: string;
    /**
     * 90 days after the start
     */
    end_date: string;
    /**
     * 3–5
     *
     * @minItems 1
     */
    primary_objectives: {
      objective: string;
      target_metric: string;
      /**
       * Null when unknown
       */
      baseline: (number | string) | null;
      goal: (number | string) | null;
      priority: "low" | "medium" | "high";
    }[];
    /**
     * 4–8
     *
     * @minItems 1
     */
    key_metrics: {
      metric_name: string;
      /**
       * Null when unknown
       */
      current_value: (number | string) | null;
      target_value: (number | string) | null;
      measurement_frequency: string;
    }[];
    budget_allocation: {
      total_budget: number;
      /**
       * ISO 4217, the workspace's
       */
      currency: string;
      /**
       * The percentages sum to 100, the amounts to the total
       */
      breakdown: {
        category: string;
        amount: number;
        percentage: number;
      }[];
    };
    /**
     * Days 1–30: two weeks of foundation, then launch
     */
    month_1_plan: {
      theme: string;
      focus_areas: string[];
      campaigns: {
        name: string;
        objective: string;
        channels: string[];
        /**
         * A segment's name
         */
        target_icp: string;
        tactics: string[];
        budget: number;
      }[];
      content_pieces: {
        type: string;
        title: string;
        /**
         * A segment's name
         */
        target_icp: string;
        goal: string;
        /**
         * Week of the plan, 1–13
         */
        publish_week: number;
      }[];
      /**
       * One sentence each
       */
      milestones: string[];
    };
    /**
     * Days 31–60: learn and optimise
     */
    month_2_plan: {
      theme: string;
      focus_areas: string[];
      campaigns: {
        name: string;
        objective: string;
        channels: string[];
        /**
         * A segment's name
         */
        target_icp: string;
        tactics: string[];
        budget: number;
      }[];
      content_pieces: {
        type: string;
        title: string;
        /**
         * A segment's name
         */
        target_icp: string;
        goal: string;
        /**
         * Week of the plan, 1–13
         */
        publish_week: number;
      }[];
      /**
       * One sentence each
       */
      milestones: string[];
    };
    /**
     * Days 61–90: scale what works
     */
    month_3_plan: {
      theme: string;
      focus_areas: string[];
      campaigns: {
        name: string;
        objective: string;
        channels: string[];
        /**
         * A segment's name
         */
        target_icp: string;
        tactics: string[];
        budget: number;
      }[];
      content_pieces: {
        type: string;
        title: string;
        /**
         * A segment's name
         */
        target_icp: string;
        goal: string;
        /**
         * Week of the plan, 1–13
         */
        publish_week: number;
      }[];
      /**
       * One sentence each
       */
      milestones: string[];
    };
    /**
     * The budget percentages sum to 100
     *
     * @minItems 1
     */
    channel_mix: {
      channel: string;
      role: string;
      budget_percentage: number;
      target_icps: string[];
      kpis: string[];
    }[];
    campaign_themes: {
      theme_name: string;
      description: string;
      duration_weeks: number;
      start_week: number;
      target_icps: string[];
    }[];
    /**
     * 3–6
     */
    risks_mitigations: {
      risk: string;
      likelihood: ("low" | "medium" | "high") | null;
      impact: ("low" | "medium" | "high") | null;
      mitigation: string;
      /**
       * What shows that it is happening
       */
      trigger: string;
    }[];
    /**
     * Names of segments
     */
    target_icp_segments: string[];
    /**
     * Names of offers
     */
    target_offers: string[];
    /**
     * 8–12, in order of their dates
     *
     * @minItems 1
     */
    milestones: {
      label: string;
      /**
       * YYYY-MM-DD, within the 90 days
       */
      target_date: string;
      metric:
        | "leads"
        | "mqls"
        | "revenue"
        | "reach"
        | "conversions"
        | "signups"
        | "engagement"
        | "traffic";
      target_value: number;
      funnel_action: string;
      channels: string[];
      /**
       * Labels of earlier milestones
       */
      dependencies: string[];
    }[];
    /**
     * Weeks 1, 2, 3 and 4, then every second week up to week 12
     */
    weekly_checkpoints: {
      /**
       * Week of the plan, 1–13
       */
      week: number;
      focus: string;
      deliverables: string[];
      /**
       * What can be observed by the end of that week
       */
      success_criteria: string;
    }[];
    /**
     * The plan once more, as deployed clients know it: made from the members beside it.
     */
    plan?: {
      name: string;
      goal_summary: string;
      start_date: string;
      end_date: string;
      budget_note: string;
      /**
       * 8–12, in order of their dates
       *
       * @minItems 1
       */
      milestones: {
        label: string;
        /**
         * YYYY-MM-DD, within the 90 days
         */
        target_date: string;
        metric:
          | "leads"
          | "mqls"
          | "revenue"
          | "reach"
          | "conversions"
          | "signups"
          | "engagement"
          | "traffic";
        target_value: number;
        funnel_action: string;
        channels: string[];
        /**
         * Labels of earlier milestones
         */
        dependencies: string[];
      }[];
      kpis: {
        metric: string;
        baseline: (number | string) | null;
        target: (number | string) | null;
        measurement: string;
      }[];
      weekly_checkpoints: {
        /**
         * Week of the plan, 1–13
         */
        week: number;
        focus: string;
        deliverables: string[];
        /**
         * What can be observed by the end of that week
         */
        success_criteria: string;
      }[];
      channel_allocation: {
        channel: string;
        budget_percentage: number;
        primary_metric: string;
        target_icp: string;
      }[];
      risk_flags: {
        risk: string;
        mitigation: string;
        trigger: string;
      }[];
    };
    /**
     * Where the numbers and claims come from, at most 200: looked up, not asked for.
     */
    sources?: {
      /**
       * Such as milestones[2].target_value; a text has an entry for each source
       */
      path: string;
      source: "brand" | "offer" | "metrics" | "request" | "assumption";
    }[];
  };
  funnels: {
    funnel: {
      funnel_name: string;
      funnel_type: "marketing" | "sales" | "product";
      description: string;
      /**
       * Names of segments
       */
      target_icp_segments: string[];
      /**
       * Names of offers
       */
      target_offers: string[];
      /**
       * The stages' budgets sum to it
       */
      total_budget: number;
      /**
       * Of those who enter the first stage, who buys: a fraction from 0 to 1
       */
      expected_conversion_rate: number;
      expected_revenue: number;
    };
    /**
     * In order; awareness, consideration and conversion at least
     *
     * @minItems 3
     */
    stages: {
      stage_name: string;
      stage_type: "awareness" | "consideration" | "conversion" | "retention" | "advocacy";
      /**
       * 1 for the first stage
       */
      stage_order: number;
      description: string;
      objective: string;
      /**
       * At least 2
       */
      kpis: {
        metric: string;
        target: number | null;
        measurement: ("daily" | "weekly" | "monthly") | null;
      }[];
      /**
       * 1–3
       */
      campaign_types: {
        type: string;
        description: string;
        estimated_cost: number;
        expected_results: string;
      }[];
      channels: string[];
      content_assets: {
        asset_type:
          "blog" | "video" | "infographic" | "ebook" | "webinar" | "case_study" | "email" | "ad";
        title: string;
        purpose: string;
        /**
         * A segment's name
         */
        target_icp: string;
      }[];
      /**
       * At least one segment's name
       */
      target_icps: string[];
      /**
       * At least one offer's name
       */
      linked_offers: string[];
      entry_criteria: string;
      exit_criteria: string;
      /**
       * People who enter the stage, a whole number
       */
      expected_volume: number;
      /**
       * Who goes on from it, or buys in the conversion stage: a fraction from 0 to 1
       */
      conversion_rate_target: number;
      budget_allocation: number;
    }[];
  };
  campaigns: {
    campaign: {
      campaign_name: string;
      campaign_type:
        "lead_gen" | "nurture" | "reactivation" | "retention" | "awareness" | "conversion";
      objective: string;
      description: string;
      /**
       * A segment's name
       */
      target_icp: string;
      /**
       * An offer's name
       */
      target_offer: string;
      funnel_stage: "awareness" | "consideration" | "conversion" | "retention" | "advocacy";
      /**
       * YYYY-MM-DD
       */
      start_date: string;
      /**
       * YYYY-MM-DD
       */
      end_date: string;
      budget_allocation: number;
      primary_kpi: {
        metric: string;
        target: (number | string) | null;
        measurement: ("daily" | "weekly" | "monthly") | null;
      };
      secondary_kpis: {
        metric: string;
        target: (number | string) | null;
      }[];
      success_criteria: string;
    };
    /**
     * The budget percentages sum to 100
     *
     * @minItems 1
     */
    channels: {
      channel_name: string;
      channel_type: "paid" | "organic" | "owned" | "earned";
      priority: "primary" | "secondary" | "supporting";
      budget_percentage: number;
      content_types: {
        type: string;
        quantity: number | null;
        description: string;
        cta: string;
      }[];
      posting_frequency: string;
      targeting_notes: string;
      /**
       * Rates as fractions from 0 to 1
       */
      expected_metrics: {
        reach: (number | string) | null;
        engagement_rate: (number | string) | null;
        conversion_rate: (number | string) | null;
      };
    }[];
    /**
     * 6–12
     *
     * @minItems 1
     */
    content_outline: {
      /**
       * Short and unique, such as C1
       */
      content_id: string;
      title: string;
      content_type:
        | "blog"
        | "video"
        | "infographic"
        | "email"
        | "ad"
        | "social_post"
        | "landing_page"
        | "webinar"
        | "case_study"
        | "ebook";
      /**
       * A channel_name of the channels
       */
      channel: string;
      funnel_stage: "awareness" | "consideration" | "conversion" | "retention" | "advocacy";
      /**
       * A segment's name
       */
      target_icp: string;
      key_message: string;
      supporting_points: string[];
      cta: string;
      tone: string;
      estimated_production_time: string;
      /**
       * Ids of content that must be ready first
       */
      dependencies: string[];
      /**
       * YYYY-MM-DD, within the campaign
       */
      publish_date: string | null;
    }[];
    /**
     * One entry a week, from 1 to the last week of the campaign
     */
    timeline: {
      week: number;
      phase: string;
      activities: string[];
      deliverables: string[];
      milestones: string[];
    }[];
    /**
     * 1–3
     */
    complementary_suggestions: {
      campaign_type: string;
      rationale: string;
      /**
       * 0–100
       */
      synergy_score: number | null;
    }[];
  };
  content: {
    /**
     * A and B for every channel asked for
     *
     * @minItems 1
     */
    assets: {
      /**
       * Unique in the answer, such as email-1-a
       */
      asset_id: string;
      /**
       * email | linkedin | facebook | instagram | twitter | google_ads | blog | landing_page | video_script, or a channel of `write_for` under its own name
       */
      channel: string;
      asset_type: string;
      funnel_stage: "awareness" | "consideration" | "conversion" | "retention" | "advocacy";
      /**
       * Subject line, headline or title
       */
      title: string;
      /**
       * Ready to publish; in Markdown for email, blog and landing_page, else plain text
       */
      body: string;
      variant: "A" | "B";
      metadata: {
        cta: string;
        /**
         * Such as {{cta_url}}
         */
        cta_url_placeholder: string | null;
        /**
         * A segment's name
         */
        target_icp: string;
        /**
         * An offer's name
         */
        target_offer: string;
        tone: string;
        /**
         * Of the body; counted again when the answer is in
         */
        word_count: number;
        /**
         * Such as 2 min
         */
        reading_time: string;
        keywords: string[];
        hashtags: string[];
        emoji_usage: ("none" | "minimal" | "moderate") | null;
        /**
         * For email: what inboxes show behind the subject
         */
        preheader: string | null;
        /**
         * This and the next three for blog and landing_page
         */
        primary_keyword: string | null;
        /**
         * Such as cash-in-winter
         */
        slug: string | null;
        meta_title: string | null;
        meta_description: string | null;
        /**
         * Where the channel shows one
         */
        picture: {
          brief: string;
          alt_text: string;
        } | null;
      };
      design_notes: {
        visual_style: string;
        color_emphasis: string;
        layout_suggestion: string;
      } | null;
      /**
       * Rates as fractions from 0 to 1; null for a channel without measured numbers
       */
      performance_predictions: {
        expected_ctr: (number | string) | null;
        expected_engagement: (number | string) | null;
        confidence: ("low" | "medium" | "high") | null;
      } | null;
    }[];
    content_summary: {
      total_assets: number;
      channels_covered: string[];
      funnel_stages_covered: string[];
      estimated_production_time: string;
    };
  };
  optimization: {
    analysis_summary: {
      /**
       * Today
       */
      analysis_date: string;
      /**
       * `period` of the metrics block
       */
      period_analyzed: string;
      overall_health: "healthy" | "needs_attention" | "critical";
      /**
       * Null when nothing has been measured
       */
      top_performer: {
        type: "campaign" | "funnel" | "channel";
        name: string;
        key_metric: string;
        value: (number | string) | null;
      } | null;
      biggest_opportunity: {
        type: string;
        name: string;
        potential_lift: (number | string) | null;
      } | null;
    };
    /**
     * 3–8
     *
     * @minItems 1
     */
    recommendations: {
      /**
       * Unique in the answer, such as R1
       */
      recommendation_id: string;
      source_type: "campaign" | "funnel" | "channel" | "content" | "audience";
      /**
       * Of a campaign, channel, funnel or stage in the data, copied exactly; else null
       */
      source_id: string | null;
      source_name: string;
      category: "performance" | "budget" | "targeting" | "content" | "timing" | "technical";
      title: string;
      description: string;
      severity: "info" | "warning" | "critical";
      impact: "low" | "medium" | "high";
      effort: "low" | "medium" | "high";
      /**
       * impact × 3 + urgency × 2 − effort, each from 1 to 10; computed for you
       */
      priority_score: number;
      metrics_affected: {
        /**
         * Of the metrics block by its name there, such as ctr
         */
        metric: string;
        /**
         * As the data gives it; null when it was not measured
         */
        current_value: number | null;
        /**
         * In the unit of current_value
         */
        target_value: number | null;
        /**
         * target_value − current_value; null if either is
         */
        gap: number | null;
        /**
         * The gap in percent of the target; null if there is none or the target is 0
         */
        gap_percentage: number | null;
      }[];
      /**
       * 1–3
       */
      suggested_actions: {
        action: string;
        timeline: string;
        /**
         * A role, never a person's name
         */
        owner: string;
        expected_outcome: string;
      }[];
      /**
       * Null when there is nothing to compare with
       */
      supporting_data: {
        trend: ("improving" | "declining" | "stable") | null;
        comparison_period: string;
        benchmark_comparison: ("above" | "at" | "below") | null;
      } | null;
    }[];
    /**
     * 2–4, each done within a week
     */
    quick_wins: {
      action: string;
      expected_impact: string;
      time_to_implement: string;
    }[];
    /**
     * 3–5
     */
    next_steps: {
      step: string;
      /**
       * 1 is first
       */
      priority: number;
      timeline: string;
      resources_needed: string;
    }[];
  };
}

export interface Requests {
  inputs: InputByMode;
}
export interface InputByMode {
  setup: {
    /**
     * The conversation so far, oldest first. The last 40 messages are used.
     *
     * @maxItems 1000
     */
    messages?: {
      role: "user" | "assistant";
      /**
       * May be empty: an answer that held only data.
       */
      content: string;
    }[];
    /**
     * Where the conversation is. A stale step does no harm.
     */
    currentStep?: "brand" | "icp" | "offers";
    /**
     * What has been collected so far, so that nothing is asked twice.
     */
    existingData?: {
      brand?: {
        [k: string]: unknown;
      } | null;
      icp?:
        | {
            [k: string]: unknown;
          }[]
        | null;
      offers?:
        | {
            [k: string]: unknown;
          }[]
        | null;
    };
    /**
     * The user's message, used when `messages` is empty.
     */
    prompt?: string;
  };
  strategy: {
    /**
     * The one goal that the plan serves first.
     */
    primaryGoal?: string;
    /**
     * For the 90 days, in the workspace's currency; 0 for a plan that costs no money.
     */
    budget?: number;
    /**
     * Targets by name, such as revenue, mqls or reach.
     */
    targetMetrics?: {
      [k: string]: number | string;
    };
    /**
     * What the plan must respect.
     */
    constraints?:
      | string
      | {
          /**
           * The only channels that the plan may use.
           *
           * @maxItems 30
           */
          channels?: string[];
          /**
           * Such as “no launches in December”.
           */
          timeframe?: string;
          notes?: string;
        };
    /**
     * Such as Lead Generation or Product Launch.
     *
     * @maxItems 30
     */
    focusAreas?: string[];
    /**
     * The first day, YYYY-MM-DD. Today in the workspace's time zone if absent.
     */
    startDate?: string;
    /**
     * What you want, in your own words, such as “win back customers who left in spring”.
     */
    prompt?: string;
  };
  funnels: {
    /**
     * A marketing plan of the workspace that the funnel serves.
     */
    planId?: string;
    /**
     * `marketing` if absent, unless the prompt asks for another.
     */
    funnelType?: "marketing" | "sales" | "product";
    /**
     * What you want, in your own words, such as “win back customers who left in spring”.
     */
    prompt?: string;
  };
  campaigns: {
    /**
     * A funnel of the workspace that the campaign feeds.
     */
    funnelId?: string;
    /**
     * A marketing plan of the workspace that it belongs to.
     */
    planId?: string;
    /**
     * The stage of the funnel that it works on.
     */
    stageId?: string;
    /**
     * `lead_gen` if absent, unless the prompt asks for another.
     */
    campaignGoal?:
      "lead_gen" | "nurture" | "reactivation" | "retention" | "awareness" | "conversion";
    /**
     * The only channels to use. All are open if absent.
     *
     * @maxItems 30
     */
    channels?: string[];
    /**
     * Wishes, as text or by name.
     */
    preferences?:
      | string
      | {
          /**
           * Channels that come first, others may follow.
           *
           * @maxItems 30
           */
          preferredChannels?: string[];
          budgetNotes?: string;
          tone?: string;
          notes?: string;
        };
    /**
     * What you want, in your own words, such as “win back customers who left in spring”.
     */
    prompt?: string;
  };
  content: {
    /**
     * A campaign of the workspace that the content is for.
     */
    campaignId?: string;
    /**
     * If absent, as the prompt asks, else the campaign's, else awareness.
     */
    funnelStage?: "awareness" | "consideration" | "conversion" | "retention" | "advocacy";
    /**
     * Channels to write for, such as email, linkedin, facebook, instagram, twitter, google_ads, blog, landing_page, video_script. If absent, as the prompt asks, else the campaign's, else email, linkedin and blog.
     *
     * @maxItems 30
     */
    channels?: string[];
    /**
     * What readers are led to do: engage if absent, unless the prompt asks for another.
     */
    ctaIntent?: "educate" | "engage" | "convert" | "retain" | "refer";
    /**
     * Such as newsletter or case study. Whatever fits the channels if absent.
     *
     * @maxItems 30
     */
    contentTypes?: string[];
    /**
     * How the brand speaks, besides its profile and its published texts.
     */
    voice?: {
      /**
       * Such as du, Sie, tu, vous or usted.
       */
      formOfAddress?: string;
      /**
       * @maxItems 30
       */
      wordsToUse?: string[];
      /**
       * @maxItems 30
       */
      wordsToAvoid?: string[];
    };
    /**
     * What you want, in your own words, such as “win back customers who left in spring”.
     */
    prompt?: string;
  };
  optimization: {
    /**
     * A marketing plan of the workspace to measure against.
     */
    planId?: string;
    /**
     * A funnel of the workspace to measure against.
     */
    funnelId?: string;
    /**
     * A period by name, or the first and the last day, as in {from: 2026-01-01, to: 2026-01-31}.
     */
    period?:
      | (
          | "last_7_days"
          | "last_30_days"
          | "last_90_days"
          | "this_month"
          | "last_month"
          | "this_quarter"
          | "last_quarter"
        )
      | {
          from: string;
          to: string;
        };
    /**
     * What you want, in your own words, such as “win back customers who left in spring”.
     */
    prompt?: string;
  };
}

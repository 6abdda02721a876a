// Generated from supabase/migrations by `npm run types:db`. Do not edit.
type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  public: {
    Tables: {
      agent_run_attempts: {
        Row: {
          attempt: number
          calls: NonNullable<Json>
          cost_estimated: boolean
          cost_micros: number
          ended_at: string | null
          model: string | null
          outcome: string | null
          reason: string | null
          run_id: string
          started_at: string
          text_length: number
          unpriced_calls: number
          usage: Json | null
          validation_steps: NonNullable<Json>
          worker_id: string
          workspace_id: string
        }
        Insert: {
          attempt: number
          calls?: NonNullable<Json>
          cost_estimated?: boolean
          cost_micros?: number
          ended_at?: string | null
          model?: string | null
          outcome?: string | null
          reason?: string | null
          run_id: string
          started_at?: string
          text_length?: number
          unpriced_calls?: number
          usage?: Json | null
          validation_steps?: NonNullable<Json>
          worker_id: string
          workspace_id: string
        }
        Update: {
          attempt?: number
          calls?: NonNullable<Json>
          cost_estimated?: boolean
          cost_micros?: number
          ended_at?: string | null
          model?: string | null
          outcome?: string | null
          reason?: string | null
          run_id?: string
          started_at?: string
          text_length?: number
          unpriced_calls?: number
          usage?: Json | null
          validation_steps?: NonNullable<Json>
          worker_id?: string
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "agent_run_attempts_run_id_workspace_id_fkey"
            columns: ["run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
        ]
      }
      agent_runs: {
        Row: {
          agent: string
          agent_version: number | null
          app_retries: number
          artifacts: NonNullable<Json>
          attempt: number
          cancel_requested_at: string | null
          chat_id: string | null
          claimed_at: string | null
          completed_at: string | null
          cost: Json | null
          cost_estimated: boolean
          cost_micros: number
          created_at: string
          created_by: string
          deadline_at: string | null
          duration_ms: number | null
          enqueue_after: string | null
          enqueue_count: number
          error_code: string | null
          error_message: string | null
          expires_at: string
          id: string
          infra_retries: number
          input: NonNullable<Json>
          lane_id: number | null
          mode: string
          model: string | null
          not_before: string | null
          on_rate_limit: string
          output: Json | null
          output_text: string | null
          phase: string
          pipeline_id: string | null
          pipeline_step: number | null
          priority: number
          queued_ms: number | null
          release_reason: string | null
          reserved_micros: number
          retry_of: string | null
          save_artifacts: boolean
          slot_charge: number
          started_at: string | null
          status: string
          tenant_id: string
          text_length: number
          truncated: boolean
          usage: Json | null
          warnings: NonNullable<Json>
          worker_id: string | null
          workspace_id: string
        }
        Insert: {
          agent: string
          agent_version?: number | null
          app_retries?: number
          artifacts?: NonNullable<Json>
          attempt?: number
          cancel_requested_at?: string | null
          chat_id?: string | null
          claimed_at?: string | null
          completed_at?: string | null
          cost?: never
          cost_estimated?: boolean
          cost_micros?: number
          created_at?: string
          created_by: string
          deadline_at?: string | null
          duration_ms?: number | null
          enqueue_after?: string | null
          enqueue_count?: number
          error_code?: string | null
          error_message?: string | null
          expires_at: string
          id?: string
          infra_retries?: number
          input: NonNullable<Json>
          lane_id?: number | null
          mode: string
          model?: string | null
          not_before?: string | null
          on_rate_limit?: string
          output?: Json | null
          output_text?: string | null
          phase?: string
          pipeline_id?: string | null
          pipeline_step?: number | null
          priority?: number
          queued_ms?: number | null
          release_reason?: string | null
          reserved_micros?: number
          retry_of?: string | null
          save_artifacts?: boolean
          slot_charge?: number
          started_at?: string | null
          status?: string
          tenant_id: string
          text_length?: number
          truncated?: boolean
          usage?: Json | null
          warnings?: NonNullable<Json>
          worker_id?: string | null
          workspace_id: string
        }
        Update: {
          agent?: string
          agent_version?: number | null
          app_retries?: number
          artifacts?: NonNullable<Json>
          attempt?: number
          cancel_requested_at?: string | null
          chat_id?: string | null
          claimed_at?: string | null
          completed_at?: string | null
          cost?: never
          cost_estimated?: boolean
          cost_micros?: number
          created_at?: string
          created_by?: string
          deadline_at?: string | null
          duration_ms?: number | null
          enqueue_after?: string | null
          enqueue_count?: number
          error_code?: string | null
          error_message?: string | null
          expires_at?: string
          id?: string
          infra_retries?: number
          input?: NonNullable<Json>
          lane_id?: number | null
          mode?: string
          model?: string | null
          not_before?: string | null
          on_rate_limit?: string
          output?: Json | null
          output_text?: string | null
          phase?: string
          pipeline_id?: string | null
          pipeline_step?: number | null
          priority?: number
          queued_ms?: number | null
          release_reason?: string | null
          reserved_micros?: number
          retry_of?: string | null
          save_artifacts?: boolean
          slot_charge?: number
          started_at?: string | null
          status?: string
          tenant_id?: string
          text_length?: number
          truncated?: boolean
          usage?: Json | null
          warnings?: NonNullable<Json>
          worker_id?: string | null
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "agent_runs_pipeline_id_workspace_id_fkey"
            columns: ["pipeline_id", "workspace_id"]
            referencedRelation: "pipelines"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "agent_runs_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_brand_profiles: {
        Row: {
          agent_run_id: string | null
          brand_colors: Json | null
          brand_fonts: Json | null
          brand_name: string
          brand_personality: Json | null
          brand_tone: string | null
          brand_voice: string | null
          competitors: Json | null
          content_themes: Json | null
          core_values: Json | null
          created_at: string
          created_by: string | null
          id: string
          industry: string | null
          key_differentiators: Json | null
          logo_url: string | null
          messaging_pillars: Json | null
          mission_statement: string | null
          tagline: string | null
          tenant_id: string
          unique_value_proposition: string | null
          updated_at: string
          warnings: NonNullable<Json>
          website_url: string | null
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          brand_colors?: Json | null
          brand_fonts?: Json | null
          brand_name: string
          brand_personality?: Json | null
          brand_tone?: string | null
          brand_voice?: string | null
          competitors?: Json | null
          content_themes?: Json | null
          core_values?: Json | null
          created_at?: string
          created_by?: string | null
          id?: string
          industry?: string | null
          key_differentiators?: Json | null
          logo_url?: string | null
          messaging_pillars?: Json | null
          mission_statement?: string | null
          tagline?: string | null
          tenant_id: string
          unique_value_proposition?: string | null
          updated_at?: string
          warnings?: NonNullable<Json>
          website_url?: string | null
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          brand_colors?: Json | null
          brand_fonts?: Json | null
          brand_name?: string
          brand_personality?: Json | null
          brand_tone?: string | null
          brand_voice?: string | null
          competitors?: Json | null
          content_themes?: Json | null
          core_values?: Json | null
          created_at?: string
          created_by?: string | null
          id?: string
          industry?: string | null
          key_differentiators?: Json | null
          logo_url?: string | null
          messaging_pillars?: Json | null
          mission_statement?: string | null
          tagline?: string | null
          tenant_id?: string
          unique_value_proposition?: string | null
          updated_at?: string
          warnings?: NonNullable<Json>
          website_url?: string | null
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_brand_profiles_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_brand_profiles_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_campaign_channels: {
        Row: {
          agent_run_id: string | null
          budget_percentage: number | null
          campaign_id: string
          channel_name: string
          channel_type: string | null
          content_types: Json | null
          created_at: string
          created_by: string | null
          expected_metrics: Json | null
          external_account_id: string | null
          external_ad_id: string | null
          external_adset_id: string | null
          external_campaign_id: string | null
          external_source: string | null
          id: string
          is_paid: boolean | null
          posting_frequency: string | null
          priority: string | null
          targeting_notes: string | null
          tenant_id: string
          updated_at: string
          utm_campaign: string | null
          utm_medium: string | null
          utm_source: string | null
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          budget_percentage?: number | null
          campaign_id: string
          channel_name: string
          channel_type?: string | null
          content_types?: Json | null
          created_at?: string
          created_by?: string | null
          expected_metrics?: Json | null
          external_account_id?: string | null
          external_ad_id?: string | null
          external_adset_id?: string | null
          external_campaign_id?: string | null
          external_source?: string | null
          id?: string
          is_paid?: boolean | null
          posting_frequency?: string | null
          priority?: string | null
          targeting_notes?: string | null
          tenant_id: string
          updated_at?: string
          utm_campaign?: string | null
          utm_medium?: string | null
          utm_source?: string | null
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          budget_percentage?: number | null
          campaign_id?: string
          channel_name?: string
          channel_type?: string | null
          content_types?: Json | null
          created_at?: string
          created_by?: string | null
          expected_metrics?: Json | null
          external_account_id?: string | null
          external_ad_id?: string | null
          external_adset_id?: string | null
          external_campaign_id?: string | null
          external_source?: string | null
          id?: string
          is_paid?: boolean | null
          posting_frequency?: string | null
          priority?: string | null
          targeting_notes?: string | null
          tenant_id?: string
          updated_at?: string
          utm_campaign?: string | null
          utm_medium?: string | null
          utm_source?: string | null
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_campaign_channels_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_campaign_channels_campaign_id_workspace_id_fkey"
            columns: ["campaign_id", "workspace_id"]
            referencedRelation: "cmo_campaigns"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_campaign_channels_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_campaigns: {
        Row: {
          agent_run_id: string | null
          autopilot_enabled: boolean
          budget_allocation: number | null
          campaign_name: string
          campaign_type: string
          created_at: string
          created_by: string | null
          description: string | null
          end_date: string | null
          funnel_id: string | null
          funnel_stage: string | null
          goal: string | null
          id: string
          last_optimization_at: string | null
          last_optimization_note: string | null
          objective: string | null
          plan_id: string | null
          primary_kpi: Json | null
          secondary_kpis: Json | null
          start_date: string | null
          status: string | null
          success_criteria: string | null
          target_icp: string | null
          target_offer: string | null
          target_segment_codes: string[] | null
          target_tags: string[] | null
          tenant_id: string
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          autopilot_enabled?: boolean
          budget_allocation?: number | null
          campaign_name: string
          campaign_type: string
          created_at?: string
          created_by?: string | null
          description?: string | null
          end_date?: string | null
          funnel_id?: string | null
          funnel_stage?: string | null
          goal?: string | null
          id?: string
          last_optimization_at?: string | null
          last_optimization_note?: string | null
          objective?: string | null
          plan_id?: string | null
          primary_kpi?: Json | null
          secondary_kpis?: Json | null
          start_date?: string | null
          status?: string | null
          success_criteria?: string | null
          target_icp?: string | null
          target_offer?: string | null
          target_segment_codes?: string[] | null
          target_tags?: string[] | null
          tenant_id: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          autopilot_enabled?: boolean
          budget_allocation?: number | null
          campaign_name?: string
          campaign_type?: string
          created_at?: string
          created_by?: string | null
          description?: string | null
          end_date?: string | null
          funnel_id?: string | null
          funnel_stage?: string | null
          goal?: string | null
          id?: string
          last_optimization_at?: string | null
          last_optimization_note?: string | null
          objective?: string | null
          plan_id?: string | null
          primary_kpi?: Json | null
          secondary_kpis?: Json | null
          start_date?: string | null
          status?: string | null
          success_criteria?: string | null
          target_icp?: string | null
          target_offer?: string | null
          target_segment_codes?: string[] | null
          target_tags?: string[] | null
          tenant_id?: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_campaigns_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_campaigns_funnel_id_workspace_id_fkey"
            columns: ["funnel_id", "workspace_id"]
            referencedRelation: "cmo_funnels"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_campaigns_plan_id_workspace_id_fkey"
            columns: ["plan_id", "workspace_id"]
            referencedRelation: "cmo_marketing_plans"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_campaigns_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_content_assets: {
        Row: {
          agent_run_id: string | null
          campaign_id: string | null
          channel: string | null
          content_id: string | null
          content_type: string
          created_at: string
          created_by: string | null
          cta: string | null
          dependencies: Json | null
          estimated_production_time: string | null
          funnel_stage: string | null
          id: string
          key_message: string | null
          publish_date: string | null
          status: string | null
          supporting_points: Json | null
          target_icp: string | null
          tenant_id: string
          title: string
          tone: string | null
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          campaign_id?: string | null
          channel?: string | null
          content_id?: string | null
          content_type: string
          created_at?: string
          created_by?: string | null
          cta?: string | null
          dependencies?: Json | null
          estimated_production_time?: string | null
          funnel_stage?: string | null
          id?: string
          key_message?: string | null
          publish_date?: string | null
          status?: string | null
          supporting_points?: Json | null
          target_icp?: string | null
          tenant_id: string
          title: string
          tone?: string | null
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          campaign_id?: string | null
          channel?: string | null
          content_id?: string | null
          content_type?: string
          created_at?: string
          created_by?: string | null
          cta?: string | null
          dependencies?: Json | null
          estimated_production_time?: string | null
          funnel_stage?: string | null
          id?: string
          key_message?: string | null
          publish_date?: string | null
          status?: string | null
          supporting_points?: Json | null
          target_icp?: string | null
          tenant_id?: string
          title?: string
          tone?: string | null
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_content_assets_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_content_assets_campaign_id_workspace_id_fkey"
            columns: ["campaign_id", "workspace_id"]
            referencedRelation: "cmo_campaigns"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_content_assets_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_content_variants: {
        Row: {
          agent_run_id: string | null
          asset_id: string
          body_content: string | null
          created_at: string
          created_by: string | null
          cta_text: string | null
          headline: string | null
          id: string
          is_winner: boolean | null
          metadata: Json | null
          performance_metrics: Json | null
          subject_line: string | null
          tenant_id: string
          updated_at: string
          variant_name: string
          variant_type: string | null
          visual_description: string | null
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          asset_id: string
          body_content?: string | null
          created_at?: string
          created_by?: string | null
          cta_text?: string | null
          headline?: string | null
          id?: string
          is_winner?: boolean | null
          metadata?: Json | null
          performance_metrics?: Json | null
          subject_line?: string | null
          tenant_id: string
          updated_at?: string
          variant_name: string
          variant_type?: string | null
          visual_description?: string | null
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          asset_id?: string
          body_content?: string | null
          created_at?: string
          created_by?: string | null
          cta_text?: string | null
          headline?: string | null
          id?: string
          is_winner?: boolean | null
          metadata?: Json | null
          performance_metrics?: Json | null
          subject_line?: string | null
          tenant_id?: string
          updated_at?: string
          variant_name?: string
          variant_type?: string | null
          visual_description?: string | null
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_content_variants_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_content_variants_asset_id_workspace_id_fkey"
            columns: ["asset_id", "workspace_id"]
            referencedRelation: "cmo_content_assets"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_content_variants_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_funnel_stages: {
        Row: {
          agent_run_id: string | null
          budget_allocation: number | null
          campaign_types: Json | null
          channels: Json | null
          content_assets: Json | null
          conversion_rate_target: number | null
          created_at: string
          created_by: string | null
          description: string | null
          entry_criteria: string | null
          exit_criteria: string | null
          expected_volume: number | null
          funnel_id: string
          id: string
          kpis: Json | null
          linked_offers: Json | null
          objective: string | null
          stage_name: string
          stage_order: number
          stage_type: string
          target_icps: Json | null
          tenant_id: string
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          budget_allocation?: number | null
          campaign_types?: Json | null
          channels?: Json | null
          content_assets?: Json | null
          conversion_rate_target?: number | null
          created_at?: string
          created_by?: string | null
          description?: string | null
          entry_criteria?: string | null
          exit_criteria?: string | null
          expected_volume?: number | null
          funnel_id: string
          id?: string
          kpis?: Json | null
          linked_offers?: Json | null
          objective?: string | null
          stage_name: string
          stage_order?: number
          stage_type: string
          target_icps?: Json | null
          tenant_id: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          budget_allocation?: number | null
          campaign_types?: Json | null
          channels?: Json | null
          content_assets?: Json | null
          conversion_rate_target?: number | null
          created_at?: string
          created_by?: string | null
          description?: string | null
          entry_criteria?: string | null
          exit_criteria?: string | null
          expected_volume?: number | null
          funnel_id?: string
          id?: string
          kpis?: Json | null
          linked_offers?: Json | null
          objective?: string | null
          stage_name?: string
          stage_order?: number
          stage_type?: string
          target_icps?: Json | null
          tenant_id?: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_funnel_stages_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_funnel_stages_funnel_id_workspace_id_fkey"
            columns: ["funnel_id", "workspace_id"]
            referencedRelation: "cmo_funnels"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_funnel_stages_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_funnels: {
        Row: {
          agent_run_id: string | null
          created_at: string
          created_by: string | null
          description: string | null
          expected_conversion_rate: number | null
          expected_revenue: number | null
          funnel_name: string
          funnel_type: string
          id: string
          plan_id: string | null
          status: string
          target_icp_segments: Json | null
          target_offers: Json | null
          tenant_id: string
          total_budget: number | null
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          created_at?: string
          created_by?: string | null
          description?: string | null
          expected_conversion_rate?: number | null
          expected_revenue?: number | null
          funnel_name: string
          funnel_type?: string
          id?: string
          plan_id?: string | null
          status?: string
          target_icp_segments?: Json | null
          target_offers?: Json | null
          tenant_id: string
          total_budget?: number | null
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          created_at?: string
          created_by?: string | null
          description?: string | null
          expected_conversion_rate?: number | null
          expected_revenue?: number | null
          funnel_name?: string
          funnel_type?: string
          id?: string
          plan_id?: string | null
          status?: string
          target_icp_segments?: Json | null
          target_offers?: Json | null
          tenant_id?: string
          total_budget?: number | null
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_funnels_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_funnels_plan_id_workspace_id_fkey"
            columns: ["plan_id", "workspace_id"]
            referencedRelation: "cmo_marketing_plans"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_funnels_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_icp_segments: {
        Row: {
          agent_run_id: string | null
          budget_range: Json | null
          buying_triggers: Json | null
          company_size: string | null
          content_preferences: Json | null
          created_at: string
          created_by: string | null
          decision_criteria: Json | null
          demographics: Json | null
          goals: Json | null
          id: string
          industry_verticals: Json | null
          is_active: boolean | null
          is_primary: boolean | null
          job_titles: Json | null
          objections: Json | null
          pain_points: Json | null
          preferred_channels: Json | null
          priority_score: number | null
          psychographics: Json | null
          segment_code: string | null
          segment_description: string | null
          segment_name: string
          tenant_id: string
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          budget_range?: Json | null
          buying_triggers?: Json | null
          company_size?: string | null
          content_preferences?: Json | null
          created_at?: string
          created_by?: string | null
          decision_criteria?: Json | null
          demographics?: Json | null
          goals?: Json | null
          id?: string
          industry_verticals?: Json | null
          is_active?: boolean | null
          is_primary?: boolean | null
          job_titles?: Json | null
          objections?: Json | null
          pain_points?: Json | null
          preferred_channels?: Json | null
          priority_score?: number | null
          psychographics?: Json | null
          segment_code?: string | null
          segment_description?: string | null
          segment_name: string
          tenant_id: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          budget_range?: Json | null
          buying_triggers?: Json | null
          company_size?: string | null
          content_preferences?: Json | null
          created_at?: string
          created_by?: string | null
          decision_criteria?: Json | null
          demographics?: Json | null
          goals?: Json | null
          id?: string
          industry_verticals?: Json | null
          is_active?: boolean | null
          is_primary?: boolean | null
          job_titles?: Json | null
          objections?: Json | null
          pain_points?: Json | null
          preferred_channels?: Json | null
          priority_score?: number | null
          psychographics?: Json | null
          segment_code?: string | null
          segment_description?: string | null
          segment_name?: string
          tenant_id?: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_icp_segments_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_icp_segments_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_marketing_plans: {
        Row: {
          agent_run_id: string | null
          budget_allocation: Json | null
          campaign_themes: Json | null
          channel_mix: Json | null
          content_calendar_outline: Json | null
          created_at: string
          created_by: string | null
          dependencies: Json | null
          end_date: string | null
          executive_summary: string | null
          generation_context: Json | null
          id: string
          key_metrics: Json | null
          month_1_plan: Json | null
          month_2_plan: Json | null
          month_3_plan: Json | null
          plan_name: string
          plan_type: string
          primary_objectives: Json | null
          resource_requirements: Json | null
          risks_mitigations: Json | null
          start_date: string | null
          status: string
          target_icp_segments: Json | null
          target_offers: Json | null
          tenant_id: string
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          budget_allocation?: Json | null
          campaign_themes?: Json | null
          channel_mix?: Json | null
          content_calendar_outline?: Json | null
          created_at?: string
          created_by?: string | null
          dependencies?: Json | null
          end_date?: string | null
          executive_summary?: string | null
          generation_context?: Json | null
          id?: string
          key_metrics?: Json | null
          month_1_plan?: Json | null
          month_2_plan?: Json | null
          month_3_plan?: Json | null
          plan_name: string
          plan_type?: string
          primary_objectives?: Json | null
          resource_requirements?: Json | null
          risks_mitigations?: Json | null
          start_date?: string | null
          status?: string
          target_icp_segments?: Json | null
          target_offers?: Json | null
          tenant_id: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          budget_allocation?: Json | null
          campaign_themes?: Json | null
          channel_mix?: Json | null
          content_calendar_outline?: Json | null
          created_at?: string
          created_by?: string | null
          dependencies?: Json | null
          end_date?: string | null
          executive_summary?: string | null
          generation_context?: Json | null
          id?: string
          key_metrics?: Json | null
          month_1_plan?: Json | null
          month_2_plan?: Json | null
          month_3_plan?: Json | null
          plan_name?: string
          plan_type?: string
          primary_objectives?: Json | null
          resource_requirements?: Json | null
          risks_mitigations?: Json | null
          start_date?: string | null
          status?: string
          target_icp_segments?: Json | null
          target_offers?: Json | null
          tenant_id?: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_marketing_plans_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_marketing_plans_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_metrics_snapshots: {
        Row: {
          campaign_id: string | null
          channel_id: string | null
          clicks: number | null
          conversion_rate: number | null
          conversions: number | null
          cost: number | null
          created_at: string
          custom_metrics: Json | null
          data_mode: Database["public"]["Enums"]["data_mode"]
          engagement_rate: number | null
          id: string
          impressions: number | null
          metric_type: string
          revenue: number | null
          roi: number | null
          snapshot_date: string
          tenant_id: string
          workspace_id: string
        }
        Insert: {
          campaign_id?: string | null
          channel_id?: string | null
          clicks?: number | null
          conversion_rate?: number | null
          conversions?: number | null
          cost?: number | null
          created_at?: string
          custom_metrics?: Json | null
          data_mode?: Database["public"]["Enums"]["data_mode"]
          engagement_rate?: number | null
          id?: string
          impressions?: number | null
          metric_type: string
          revenue?: number | null
          roi?: number | null
          snapshot_date: string
          tenant_id: string
          workspace_id: string
        }
        Update: {
          campaign_id?: string | null
          channel_id?: string | null
          clicks?: number | null
          conversion_rate?: number | null
          conversions?: number | null
          cost?: number | null
          created_at?: string
          custom_metrics?: Json | null
          data_mode?: Database["public"]["Enums"]["data_mode"]
          engagement_rate?: number | null
          id?: string
          impressions?: number | null
          metric_type?: string
          revenue?: number | null
          roi?: number | null
          snapshot_date?: string
          tenant_id?: string
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_metrics_snapshots_campaign_id_workspace_id_fkey"
            columns: ["campaign_id", "workspace_id"]
            referencedRelation: "cmo_campaigns"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_metrics_snapshots_channel_id_workspace_id_fkey"
            columns: ["channel_id", "workspace_id"]
            referencedRelation: "cmo_campaign_channels"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_metrics_snapshots_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_offers: {
        Row: {
          agent_run_id: string | null
          case_studies: Json | null
          competitive_positioning: string | null
          created_at: string
          created_by: string | null
          demo_url: string | null
          description: string | null
          features: Json | null
          id: string
          is_flagship: boolean | null
          key_benefits: Json | null
          landing_page_url: string | null
          launch_date: string | null
          offer_name: string
          offer_type: string
          price_range: Json | null
          pricing_model: string | null
          status: string | null
          success_metrics: Json | null
          target_segments: Json | null
          tenant_id: string
          testimonials: Json | null
          updated_at: string
          use_cases: Json | null
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          case_studies?: Json | null
          competitive_positioning?: string | null
          created_at?: string
          created_by?: string | null
          demo_url?: string | null
          description?: string | null
          features?: Json | null
          id?: string
          is_flagship?: boolean | null
          key_benefits?: Json | null
          landing_page_url?: string | null
          launch_date?: string | null
          offer_name: string
          offer_type: string
          price_range?: Json | null
          pricing_model?: string | null
          status?: string | null
          success_metrics?: Json | null
          target_segments?: Json | null
          tenant_id: string
          testimonials?: Json | null
          updated_at?: string
          use_cases?: Json | null
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          case_studies?: Json | null
          competitive_positioning?: string | null
          created_at?: string
          created_by?: string | null
          demo_url?: string | null
          description?: string | null
          features?: Json | null
          id?: string
          is_flagship?: boolean | null
          key_benefits?: Json | null
          landing_page_url?: string | null
          launch_date?: string | null
          offer_name?: string
          offer_type?: string
          price_range?: Json | null
          pricing_model?: string | null
          status?: string | null
          success_metrics?: Json | null
          target_segments?: Json | null
          tenant_id?: string
          testimonials?: Json | null
          updated_at?: string
          use_cases?: Json | null
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_offers_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_offers_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_recommendations: {
        Row: {
          action_items: Json | null
          agent_run_id: string | null
          campaign_id: string | null
          created_at: string
          created_by: string | null
          description: string | null
          effort_level: string | null
          expected_impact: string | null
          id: string
          implemented_at: string | null
          priority: string | null
          rationale: string | null
          recommendation_type: string
          status: string | null
          tenant_id: string
          title: string
          updated_at: string
          warnings: NonNullable<Json>
          workspace_id: string
        }
        Insert: {
          action_items?: Json | null
          agent_run_id?: string | null
          campaign_id?: string | null
          created_at?: string
          created_by?: string | null
          description?: string | null
          effort_level?: string | null
          expected_impact?: string | null
          id?: string
          implemented_at?: string | null
          priority?: string | null
          rationale?: string | null
          recommendation_type: string
          status?: string | null
          tenant_id: string
          title: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id: string
        }
        Update: {
          action_items?: Json | null
          agent_run_id?: string | null
          campaign_id?: string | null
          created_at?: string
          created_by?: string | null
          description?: string | null
          effort_level?: string | null
          expected_impact?: string | null
          id?: string
          implemented_at?: string | null
          priority?: string | null
          rationale?: string | null
          recommendation_type?: string
          status?: string | null
          tenant_id?: string
          title?: string
          updated_at?: string
          warnings?: NonNullable<Json>
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_recommendations_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_recommendations_campaign_id_workspace_id_fkey"
            columns: ["campaign_id", "workspace_id"]
            referencedRelation: "cmo_campaigns"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_recommendations_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      cmo_versions: {
        Row: {
          agent_run_id: string | null
          changed: NonNullable<Json>
          created_at: string
          number: number
          restored_from: number | null
          row_id: string
          table_name: string
          tenant_id: string
          user_id: string | null
          workspace_id: string
        }
        Insert: {
          agent_run_id?: string | null
          changed: NonNullable<Json>
          created_at?: string
          number: number
          restored_from?: number | null
          row_id: string
          table_name: string
          tenant_id: string
          user_id?: string | null
          workspace_id: string
        }
        Update: {
          agent_run_id?: string | null
          changed?: NonNullable<Json>
          created_at?: string
          number?: number
          restored_from?: number | null
          row_id?: string
          table_name?: string
          tenant_id?: string
          user_id?: string | null
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "cmo_versions_agent_run_id_workspace_id_fkey"
            columns: ["agent_run_id", "workspace_id"]
            referencedRelation: "agent_runs"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_versions_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      pipelines: {
        Row: {
          cancel_requested_at: string | null
          completed_at: string | null
          created_at: string
          created_by: string
          error_code: string | null
          error_message: string | null
          failed_step: string | null
          id: string
          inputs: NonNullable<Json>
          status: string
          step: number
          steps: string[]
          tenant_id: string
          workspace_id: string
        }
        Insert: {
          cancel_requested_at?: string | null
          completed_at?: string | null
          created_at?: string
          created_by: string
          error_code?: string | null
          error_message?: string | null
          failed_step?: string | null
          id: string
          inputs: NonNullable<Json>
          status?: string
          step?: number
          steps: string[]
          tenant_id: string
          workspace_id: string
        }
        Update: {
          cancel_requested_at?: string | null
          completed_at?: string | null
          created_at?: string
          created_by?: string
          error_code?: string | null
          error_message?: string | null
          failed_step?: string | null
          id?: string
          inputs?: NonNullable<Json>
          status?: string
          step?: number
          steps?: string[]
          tenant_id?: string
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "pipelines_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
      tenants: {
        Row: {
          created_at: string
          id: string
          name: string
          slug: string
          updated_at: string
        }
        Insert: {
          created_at?: string
          id?: string
          name: string
          slug: string
          updated_at?: string
        }
        Update: {
          created_at?: string
          id?: string
          name?: string
          slug?: string
          updated_at?: string
        }
        Relationships: []
      }
      workers: {
        Row: {
          alive_since: string
          id: string
          lease_expires_at: string
          lost_at: string | null
          started_at: string
        }
        Insert: {
          alive_since?: string
          id: string
          lease_expires_at: string
          lost_at?: string | null
          started_at?: string
        }
        Update: {
          alive_since?: string
          id?: string
          lease_expires_at?: string
          lost_at?: string | null
          started_at?: string
        }
        Relationships: []
      }
      workspace_invitations: {
        Row: {
          created_at: string
          email: string
          invited_by: string
          role: string
          workspace_id: string
        }
        Insert: {
          created_at?: string
          email: string
          invited_by: string
          role: string
          workspace_id: string
        }
        Update: {
          created_at?: string
          email?: string
          invited_by?: string
          role?: string
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "workspace_invitations_workspace_id_fkey"
            columns: ["workspace_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id"]
          },
        ]
      }
      workspace_members: {
        Row: {
          created_at: string
          role: string
          user_id: string
          workspace_id: string
        }
        Insert: {
          created_at?: string
          role?: string
          user_id: string
          workspace_id: string
        }
        Update: {
          created_at?: string
          role?: string
          user_id?: string
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "workspace_members_workspace_id_fkey"
            columns: ["workspace_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id"]
          },
        ]
      }
      workspaces: {
        Row: {
          created_at: string
          currency: string
          demo_mode: boolean
          id: string
          is_default: boolean
          language: string
          name: string
          owner_id: string
          settings: NonNullable<Json>
          slug: string
          stripe_connected: boolean
          tenant_id: string
          time_zone: string
          updated_at: string
        }
        Insert: {
          created_at?: string
          currency?: string
          demo_mode?: boolean
          id?: string
          is_default?: boolean
          language?: string
          name: string
          owner_id: string
          settings?: NonNullable<Json>
          slug: string
          stripe_connected?: boolean
          tenant_id: string
          time_zone?: string
          updated_at?: string
        }
        Update: {
          created_at?: string
          currency?: string
          demo_mode?: boolean
          id?: string
          is_default?: boolean
          language?: string
          name?: string
          owner_id?: string
          settings?: NonNullable<Json>
          slug?: string
          stripe_connected?: boolean
          tenant_id?: string
          time_zone?: string
          updated_at?: string
        }
        Relationships: [
          {
            foreignKeyName: "workspaces_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
        ]
      }
    }
    Views: {
      v_cmo_metrics_by_workspace: {
        Row: {
          campaign_id: string | null
          channel_id: string | null
          clicks: number | null
          conversion_rate: number | null
          conversions: number | null
          cost: number | null
          created_at: string | null
          custom_metrics: Json | null
          data_mode: Database["public"]["Enums"]["data_mode"] | null
          data_quality_status: string | null
          demo_mode: boolean | null
          engagement_rate: number | null
          id: string | null
          impressions: number | null
          metric_type: string | null
          revenue: number | null
          roi: number | null
          snapshot_date: string | null
          stripe_connected: boolean | null
          tenant_id: string | null
          workspace_id: string | null
        }
        Relationships: [
          {
            foreignKeyName: "cmo_metrics_snapshots_campaign_id_workspace_id_fkey"
            columns: ["campaign_id", "workspace_id"]
            referencedRelation: "cmo_campaigns"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_metrics_snapshots_channel_id_workspace_id_fkey"
            columns: ["channel_id", "workspace_id"]
            referencedRelation: "cmo_campaign_channels"
            referencedColumns: ["id", "workspace_id"]
          },
          {
            foreignKeyName: "cmo_metrics_snapshots_workspace_id_tenant_id_fkey"
            columns: ["workspace_id", "tenant_id"]
            referencedRelation: "workspaces"
            referencedColumns: ["id", "tenant_id"]
          },
        ]
      }
    }
    Functions: {
      accept_invitation: { Args: { p_workspace_id: string }; Returns: Json }
      cancel_pipeline: { Args: { p_pipeline_id: string }; Returns: Json }
      cancel_run: { Args: { p_run_id: string }; Returns: Json }
      change_member_role: {
        Args: { p_role: string; p_user_id: string; p_workspace_id: string }
        Returns: Json
      }
      claim_next: {
        Args: { p_lane?: string; p_tenants?: string[]; p_worker_id: string }
        Returns: Json
      }
      claim_run: {
        Args: { p_run_id: string; p_worker_id: string }
        Returns: Json
      }
      count_workers: { Args: Record<PropertyKey, never>; Returns: Json }
      create_pipeline: {
        Args: {
          p_id: string
          p_idempotency_key?: string
          p_inputs: Json
          p_steps: string[]
          p_tenant_claim?: string
          p_workspace_id?: string
        }
        Returns: Json
      }
      create_run: {
        Args: {
          p_chat_id?: string
          p_id: string
          p_idempotency_key?: string
          p_input: Json
          p_mode: string
          p_on_rate_limit?: string
          p_retry_of?: string
          p_save?: boolean
          p_tenant_claim?: string
          p_workspace_id?: string
        }
        Returns: Json
      }
      create_workspace: {
        Args: {
          p_currency?: string
          p_language?: string
          p_name: string
          p_tenant_id?: string
          p_time_zone?: string
        }
        Returns: Json
      }
      draw_budget: {
        Args: { p_attempt: number; p_calls: Json; p_run_id: string }
        Returns: Json
      }
      finalize_run: {
        Args: {
          p_attempt: number
          p_result: Json
          p_run_id: string
          p_tenants?: string[]
        }
        Returns: Json
      }
      gateway_state: { Args: Record<PropertyKey, never>; Returns: Json }
      heartbeat_worker: { Args: { p_worker_id: string }; Returns: Json }
      import_metrics: {
        Args: { p_dry_run?: boolean; p_lines: Json; p_workspace_id?: string }
        Returns: Json
      }
      invite_member: {
        Args: { p_email: string; p_role?: string; p_workspace_id: string }
        Returns: Json
      }
      list_runs: {
        Args: {
          p_before_at?: string
          p_before_id?: string
          p_limit?: number
          p_mode?: string
          p_status?: string
          p_workspace_id?: string
        }
        Returns: {
          agent: string
          agent_version: number | null
          app_retries: number
          artifacts: NonNullable<Json>
          attempt: number
          cancel_requested_at: string | null
          chat_id: string | null
          claimed_at: string | null
          completed_at: string | null
          cost: Json | null
          cost_estimated: boolean
          cost_micros: number
          created_at: string
          created_by: string
          deadline_at: string | null
          duration_ms: number | null
          enqueue_after: string | null
          enqueue_count: number
          error_code: string | null
          error_message: string | null
          expires_at: string
          id: string
          infra_retries: number
          input: NonNullable<Json>
          lane_id: number | null
          mode: string
          model: string | null
          not_before: string | null
          on_rate_limit: string
          output: Json | null
          output_text: string | null
          phase: string
          pipeline_id: string | null
          pipeline_step: number | null
          priority: number
          queued_ms: number | null
          release_reason: string | null
          reserved_micros: number
          retry_of: string | null
          save_artifacts: boolean
          slot_charge: number
          started_at: string | null
          status: string
          tenant_id: string
          text_length: number
          truncated: boolean
          usage: Json | null
          warnings: NonNullable<Json>
          worker_id: string | null
          workspace_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "agent_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      list_workspaces: { Args: Record<PropertyKey, never>; Returns: Json }
      move_status: {
        Args: { p_row_id: string; p_status: string; p_table: string }
        Returns: Json
      }
      note_calls: {
        Args: { p_noted: Json; p_worker_id: string }
        Returns: Json
      }
      reconcile_worker: {
        Args: { p_held: Json; p_worker_id: string }
        Returns: Json
      }
      release_run: {
        Args: {
          p_attempt: number
          p_release: Json
          p_run_id: string
          p_tenants?: string[]
        }
        Returns: Json
      }
      remove_member: {
        Args: { p_user_id: string; p_workspace_id: string }
        Returns: Json
      }
      report_lane: { Args: { p_report: Json }; Returns: Json }
      restore_version: {
        Args: { p_number: number; p_row_id: string; p_table: string }
        Returns: Json
      }
      stream_limits: {
        Args: { p_idempotency_key?: string; p_workspace_id?: string }
        Returns: Json
      }
      sweep_runs: {
        Args: { p_queue_lost?: boolean; p_worker_id: string }
        Returns: Json
      }
      typical_costs: { Args: Record<PropertyKey, never>; Returns: Json }
      usage_report: {
        Args: {
          p_from?: string
          p_group_by: string
          p_time_zone?: string
          p_to?: string
          p_workspace_id?: string
        }
        Returns: Json
      }
      watch_lanes: { Args: { p_lanes: string[] }; Returns: Json }
      withdraw_invitation: {
        Args: { p_email: string; p_workspace_id: string }
        Returns: Json
      }
    }
    Enums: {
      data_mode: "live" | "demo"
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

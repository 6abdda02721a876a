/**
 * The plans of the statements that requests cause, from Postgres' own log: whatever the product
 * asks is measured, and not a copy of it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { withSql } from "./sql.ts";

export interface LoggedPlan {
  readonly query: string;
  /** Of the shared buffers, in 8 KiB: found there or read into them. */
  readonly pages: number;
  readonly scans: readonly string[];
}

export interface PlanLog {
  readonly onLine: (name: string, line: string) => void;
  /** Of statements that name the runs' table, since the last call. */
  take(): Promise<readonly LoggedPlan[]>;
}

const SETTINGS = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_buffers": "on",
  "auto_explain.log_format": "json",
  // The statements inside functions are what reads the tables.
  "auto_explain.log_nested_statements": "on",
};
const HEADER = /LOG: {2}duration: .* plan:$/;
/** The log goes through a pipe: what was said of an answered request may still be under way. */
const LOG_WITHIN_MS = 150;

export function createPlanLog(): PlanLog {
  let plans: LoggedPlan[] = [];
  let lines: string[] | null = null;
  return {
    onLine(name, line) {
      if (name !== "postgres") return;
      if (HEADER.test(line)) lines = [];
      else if (lines && line.startsWith("\t")) lines.push(line.slice(1));
      if (line !== "\t}" || !lines) return;
      const plan = parsePlan(lines.join("\n"));
      lines = null;
      if (plan.query.includes("agent_runs")) plans.push(plan);
    },
    async take() {
      await delay(LOG_WITHIN_MS);
      const taken = plans;
      plans = [];
      return taken;
    },
  };
}

/** Holds for connections that are made from then on. */
export async function logPlans(databaseUrl: string): Promise<void> {
  await withSql({ databaseUrl }, async (query) => {
    for (const [name, value] of Object.entries(SETTINGS)) {
      await query(`alter database postgres set ${name} = '${value}'`);
    }
  });
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Shared Hit Blocks"?: number;
  readonly "Shared Read Blocks"?: number;
  readonly Plans?: readonly PlanNode[];
}

export function parsePlan(json: string): LoggedPlan {
  const logged: { "Query Text": string; Plan: PlanNode } = JSON.parse(json);
  return { query: logged["Query Text"], ...describePlan(logged.Plan) };
}

export function describePlan(plan: PlanNode): Omit<LoggedPlan, "query"> {
  return {
    pages: (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0),
    scans: scansOf(plan),
  };
}

function scansOf(node: PlanNode): readonly string[] {
  const below = (node.Plans ?? []).flatMap(scansOf);
  const index = node["Index Name"];
  if (index) return [index, ...below];
  const relation = node["Relation Name"];
  return relation && node["Node Type"] === "Seq Scan" ? [`all of ${relation}`, ...below] : below;
}

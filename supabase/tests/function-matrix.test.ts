/**
 * Who may call which function, tried out over a real connection with arguments that name a run
 * and a workspace of one tenant.
 *
 * `yes` means that the function did its work; a code, that it refused by its own decision; a dash,
 * that the caller has no right to it at all. `other` owns a workspace of another tenant. A function
 * that is in no line may be called by nobody.
 */
import { newRunId } from "@cmo/shared/runtime";
import { DatabaseError } from "pg";
import { expect, test } from "vitest";
import {
  anon,
  type Caller,
  type Database,
  inRollback,
  service,
} from "../../test/support/database.ts";
import { placeParent } from "./support/domain-rows.ts";
import { createRun, startRun } from "./support/ledger.ts";
import { parseMatrix } from "./support/matrix.ts";
import { createPipeline } from "./support/pipelines.ts";
import { addMember, createTenant } from "./support/tenant.ts";

const EXPECTED = parseMatrix(`
  function                           anon  viewer                member                admin                 other                 service
  private.cost_shown                 -     yes                   yes                   yes                   yes                   -
  private.my_runnable_workspace_ids  -     yes                   yes                   yes                   yes                   -
  private.my_workspace_ids           -     yes                   yes                   yes                   yes                   -
  private.user_has_workspace_access  -     yes                   yes                   yes                   yes                   -
  public.accept_invitation           -     invitation_not_found  invitation_not_found  invitation_not_found  invitation_not_found  -
  public.cancel_pipeline             -     role_forbidden        yes                   yes                   pipeline_not_found    -
  public.cancel_run                  -     role_forbidden        yes                   yes                   run_not_found         -
  public.change_member_role          -     membership_forbidden  membership_forbidden  yes                   workspace_forbidden   -
  public.claim_next                  -     -                     -                     -                     -                     yes
  public.claim_run                   -     -                     -                     -                     -                     yes
  public.count_workers               yes   yes                   yes                   yes                   yes                   -
  public.create_pipeline             -     role_forbidden        yes                   yes                   workspace_forbidden   -
  public.create_run                  -     role_forbidden        yes                   yes                   workspace_forbidden   -
  public.create_workspace            -     yes                   yes                   yes                   yes                   -
  public.draw_budget                 -     -                     -                     -                     -                     yes
  public.finalize_run                -     -                     -                     -                     -                     yes
  public.gateway_state               yes   yes                   yes                   yes                   yes                   -
  public.heartbeat_worker            -     -                     -                     -                     -                     yes
  public.import_metrics              -     role_forbidden        yes                   yes                   workspace_forbidden   -
  public.invite_member               -     membership_forbidden  membership_forbidden  yes                   workspace_forbidden   -
  public.list_runs                   -     yes                   yes                   yes                   yes                   -
  public.list_workspaces             -     yes                   yes                   yes                   yes                   -
  public.move_status                 -     role_forbidden        yes                   yes                   row_not_found         -
  public.note_calls                  -     -                     -                     -                     -                     yes
  public.reconcile_worker            -     -                     -                     -                     -                     yes
  public.release_run                 -     -                     -                     -                     -                     yes
  public.remove_member               -     membership_forbidden  membership_forbidden  yes                   workspace_forbidden   -
  public.report_lane                 -     -                     -                     -                     -                     yes
  public.restore_version             -     role_forbidden        yes                   yes                   row_not_found         -
  public.stream_limits               -     yes                   yes                   yes                   workspace_forbidden   -
  public.sweep_runs                  -     -                     -                     -                     -                     yes
  public.typical_costs               -     yes                   yes                   yes                   yes                   -
  public.usage_report                -     yes                   yes                   yes                   workspace_forbidden   -
  public.watch_lanes                 -     -                     -                     -                     -                     yes
  public.withdraw_invitation         -     membership_forbidden  membership_forbidden  yes                   workspace_forbidden   -
`);

const GUEST = "guest@cmo-kernel.test";

interface World {
  readonly workspaceId: string;
  readonly runId: string;
  readonly workerId: string;
  readonly pipelineId: string;
  /** A viewer of the workspace. */
  readonly userId: string;
  /** A plan of it that was edited once. */
  readonly planId: string;
}

/** Arguments in SQL, by parameter name: what is not here keeps its default. */
function argumentsFor({
  workspaceId,
  runId,
  workerId,
  pipelineId,
  userId,
  planId,
}: World): Readonly<Record<string, string>> {
  return {
    p_id: `'${newRunId()}'`,
    p_mode: "'funnels'",
    p_input: "'{}'",
    p_workspace_id: `'${workspaceId}'`,
    p_run_id: `'${runId}'`,
    p_pipeline_id: `'${pipelineId}'`,
    p_steps: "array['funnels']",
    p_inputs: "'{}'",
    p_worker_id: `'${workerId}'`,
    p_attempt: "1",
    p_result: `'{"status": "completed"}'`,
    p_release: `'{"kind": "drain"}'`,
    p_held: "'[]'",
    p_noted: "'[]'",
    p_calls: `'[{"model": "m", "usage": {"prompt_tokens": 1, "completion_tokens": 0, "total_tokens": 1}}]'`,
    p_lines: `'[{"snapshot_date": "2026-01-01"}]'`,
    p_name: "'Workspace'",
    p_email: `'${GUEST}'`,
    p_user_id: `'${userId}'`,
    p_role: "'viewer'",
    p_group_by: "'day'",
    p_table: "'cmo_marketing_plans'",
    p_row_id: `'${planId}'`,
    p_status: "'approved'",
    p_number: "1",
    p_lanes: "'{}'",
    p_micros: "1",
    p_is_estimated: "true",
    p_report: `'{"kind": "failed"}'`,
  };
}

interface Callable {
  readonly name: string;
  readonly parameters: readonly string[];
}

/** All that some role may call, and all that an API shows. */
async function readFunctions(db: Database): Promise<Callable[]> {
  return db.query<Callable>(
    `select n.nspname || '.' || p.proname as name, coalesce(p.proargnames, '{}') as parameters
     from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' or (n.nspname = 'private' and exists (
       select from (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
       where has_function_privilege(r.rolname, p.oid, 'execute')))
     order by 1`,
  );
}

async function tryOut(db: Database, caller: Caller, call: string): Promise<string> {
  await db.query("savepoint trial");
  try {
    await db.as(caller, `select ${call}`);
    return "yes";
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (error.code === "42501") return "-";
    if (error.code?.startsWith("PT")) return error.message;
    throw error;
  } finally {
    await db.query("rollback to savepoint trial");
  }
}

test("every role may call what this matrix says, and nothing else", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId, workerId } = await startRun(db, tenant);
    const { pipeline } = await createPipeline(db, tenant.owner);
    const { run: queued } = await createRun(db, tenant.owner);
    const { userId } = await addMember(db, tenant.workspaceId, "viewer");
    if (userId === null) throw new Error("The viewer has no id.");
    await db.call(tenant.owner, "invite_member", {
      p_workspace_id: tenant.workspaceId,
      p_email: GUEST,
    });
    const plan = await placeParent(db, tenant, "cmo_marketing_plans");
    await db.query("update public.cmo_marketing_plans set plan_name = 'Q' where id = $1", [
      plan.id,
    ]);
    const callers: [name: string, caller: Caller][] = [
      ["anon", anon],
      ["viewer", await addMember(db, tenant.workspaceId, "viewer")],
      ["member", await addMember(db, tenant.workspaceId, "member")],
      ["admin", await addMember(db, tenant.workspaceId, "admin")],
      ["other", (await createTenant(db)).owner],
      ["service", service],
    ];
    const seen: Record<string, Record<string, string>> = {};
    for (const { name, parameters } of await readFunctions(db)) {
      const isClaim = name === "public.claim_run";
      const known = argumentsFor({
        ...tenant,
        runId: isClaim ? queued.id : runId,
        workerId,
        pipelineId: pipeline.id,
        userId,
        planId: plan.id,
      });
      const given = parameters.flatMap((parameter) => {
        const value = known[parameter];
        return value === undefined ? [] : [`${parameter} => ${value}`];
      });
      const cells: Record<string, string> = {};
      for (const [role, caller] of callers) {
        cells[role] = await tryOut(db, caller, `${name}(${given.join(", ")})`);
      }
      seen[name] = cells;
    }
    expect(seen).toEqual(EXPECTED);
  }));

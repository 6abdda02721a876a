/** Finished runs in great number, as months of work by many workspaces would leave them. */
import { withSql } from "./sql.ts";

export interface Growth {
  readonly databaseUrl: string;
  readonly rows: number;
  /** One in fifty of the runs is of this workspace, and of these users. */
  readonly workspaceId: string;
  readonly userIds: readonly string[];
}

const WORKSPACES = 50;
const DAYS = 100;

/** The ids are of version 7 and contain the time of acceptance, as those of the ledger do. */
const INSERT = `
  insert into public.agent_runs (
    id, tenant_id, workspace_id, created_by, agent, mode, status, phase, input, output,
    output_text, text_length, attempt, queued_ms, duration_ms, created_at,
    started_at, claimed_at, expires_at, deadline_at, completed_at
  )
  select
    encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(extract(epoch from s.at) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid,
    s.tenant_id, s.workspace_id, s.user_id,
    private.agent_of_mode(s.mode), s.mode,
    case when n % 20 = 0 then 'failed' when n % 33 = 0 then 'cancelled' else 'completed' end,
    'done', '{"messages": []}', '{"message": "Done."}', repeat('words ', 20), 120,
    1, 10, 2000, s.at, s.at, s.at, s.at + interval '1 hour', s.at + interval '10 minutes',
    s.at + interval '2 seconds'
  from generate_series(1, $1::integer) n
  cross join lateral (
    select
      case when n % $2 = 0 then w.tenant_id else md5('tenant' || n % $2)::uuid end as tenant_id,
      case when n % $2 = 0 then w.id else md5('workspace' || n % $2)::uuid end as workspace_id,
      case when n % $2 = 0 then ($4::uuid[])[1 + n / $2 % cardinality($4::uuid[])]
        else md5('user' || n % 500)::uuid end as user_id,
      (array['setup', 'strategy', 'funnels', 'campaigns', 'content', 'optimization'])
        [1 + (n / $2) % 6] as mode,
      now() - random() * make_interval(days => $5) as at
    from public.workspaces w where w.id = $3
  ) s`;

const INSERT_ATTEMPTS = `
  insert into public.agent_run_attempts
    (run_id, attempt, workspace_id, worker_id, started_at, ended_at, outcome)
  select r.id, 1, r.workspace_id, md5('worker' || r.id)::uuid, r.started_at, r.completed_at, r.status
  from public.agent_runs r where r.status <> 'running'
  on conflict do nothing`;

export async function growRuns({ databaseUrl, rows, workspaceId, userIds }: Growth): Promise<void> {
  await withSql({ databaseUrl }, async (query) => {
    await query("set session_replication_role = replica");
    // Each row's checks call functions, whose plans would be logged one by one.
    await query("set auto_explain.log_min_duration = -1");
    await query(INSERT, [rows, WORKSPACES, workspaceId, userIds, DAYS]);
    await query(INSERT_ATTEMPTS);
    await query("vacuum analyze public.agent_runs, public.agent_run_attempts");
  });
}

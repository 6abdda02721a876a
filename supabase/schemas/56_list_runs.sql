-- A page of the caller's runs, newest first. Each workspace gives at most a page, by the index that
-- has its filter and its order, so that a page costs the same after a million runs.
--
-- It reads as the caller: the policy of the runs holds here as everywhere.

create function public.list_runs(
  p_workspace_id uuid default null,
  p_status text default null,
  p_mode text default null,
  p_before_at timestamptz default null,
  p_before_id uuid default null,
  p_limit integer default 20
) returns setof public.agent_runs
language plpgsql stable set search_path = ''
-- Planned with the values of each call: a filter that is not asked for is then no condition.
set plan_cache_mode = force_custom_plan
-- The statistics of all workspaces say little about one. Whatever they say, the index with the most of
-- the filters is used, because each row counts for more than any page, and its order, because no sort
-- is. Such costs are no reason to compile the plan.
set cpu_tuple_cost = 1000
set enable_sort = off
set jit = off
as $$
begin
  return query
  select page.*
  from (
    select distinct m.id from private.my_workspace_ids() m (id)
    where p_workspace_id is null or m.id = p_workspace_id
  ) w
  cross join lateral (
    select r.* from public.agent_runs r
    -- In an adopted project the app's own rows stand beside the runs, without a phase.
    where r.workspace_id = w.id and r.phase is not null
      and (p_status is null or r.status = p_status)
      and (p_mode is null or r.mode = p_mode)
      and (p_before_at is null or (r.created_at, r.id) < (p_before_at, p_before_id))
    order by r.created_at desc, r.id desc
    limit least(p_limit, 101)
  ) page
  order by page.created_at desc, page.id desc
  limit least(p_limit, 101);
end $$;

grant execute on function public.list_runs(uuid, text, text, timestamptz, uuid, integer) to authenticated;

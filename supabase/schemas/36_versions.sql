-- What was in a row before it was changed, and who changed it. Nothing that a run or a colleague wrote
-- is lost by an edit.
--
-- The first change of a row keeps the whole row as version 1, signed by whoever had saved it; every
-- change adds a version with the columns that it set. So the state at a number is all `changed` up to
-- it, one over the other. A row that nobody has changed has no version and costs nothing.

create table public.cmo_versions (
  workspace_id uuid not null,
  tenant_id uuid not null,
  table_name text not null
    constraint table_name_has_at_most_63_characters check (char_length(table_name) <= 63),
  row_id uuid not null,
  number integer not null check (number > 0),
  -- A row has at most 131072 bytes without the names of its columns.
  changed jsonb not null
    constraint changed_has_at_most_262144_bytes check (octet_length(to_json(changed)::text) <= 262144),
  user_id uuid,
  agent_run_id uuid,
  restored_from integer,
  created_at timestamptz not null default now(),
  primary key (table_name, row_id, number),
  foreign key (workspace_id, tenant_id) references public.workspaces (id, tenant_id) on delete cascade,
  foreign key (agent_run_id, workspace_id) references public.agent_runs (id, workspace_id)
    on delete set null (agent_run_id)
);
create index cmo_versions_workspace_idx on public.cmo_versions (workspace_id, created_at desc);
create index cmo_versions_agent_run_idx on public.cmo_versions (agent_run_id);
comment on column public.cmo_versions.user_id is
  'The person who made this version; null when a run did, or somebody with the keys of the database.';
comment on column public.cmo_versions.restored_from is 'The number of the version whose content came back.';

alter table public.cmo_versions enable row level security;
create policy members_select on public.cmo_versions for select to authenticated
  using (workspace_id in (select private.my_workspace_ids()));
grant select on public.cmo_versions to authenticated, service_role;

-- What a person or a run writes into a row, without what the database keeps about it.
create function private.changed_columns(p_old jsonb, p_new jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(n.key, n.value), '{}') from jsonb_each(p_new) n
  where n.value is distinct from p_old -> n.key
    and n.key not in ('id', 'workspace_id', 'tenant_id', 'created_by', 'agent_run_id', 'created_at', 'updated_at')
$$;

-- Of a row that changes without end, the oldest versions become one.
create function private.fold_versions(p_table_name text, p_row_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_numbers integer[] := array(select v.number from public.cmo_versions v
    where v.table_name = p_table_name and v.row_id = p_row_id order by v.number);
begin
  -- guards G1: versions of a row
  if cardinality(v_numbers) <= (select p.max_versions_per_row from private.run_policy p) then
    return;
  end if;
  update public.cmo_versions v set changed = o.changed || v.changed
  from public.cmo_versions o
  where v.table_name = p_table_name and v.row_id = p_row_id and v.number = v_numbers[2]
    and o.table_name = p_table_name and o.row_id = p_row_id and o.number = v_numbers[1];
  delete from public.cmo_versions v
  where v.table_name = p_table_name and v.row_id = p_row_id and v.number = v_numbers[1];
end $$;

create function private.keep_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_changed jsonb := private.changed_columns(to_jsonb(old), to_jsonb(new));
  v_last integer;
begin
  if v_changed = '{}' then
    return null;
  end if;
  -- The row is locked by its update, so that nobody else numbers its versions meanwhile.
  select max(v.number) into v_last from public.cmo_versions v
  where v.table_name = tg_table_name and v.row_id = old.id;
  -- guards G26: first version
  if v_last is null then
    v_last := 1;
    insert into public.cmo_versions
      (workspace_id, tenant_id, table_name, row_id, number, changed, user_id, agent_run_id, created_at)
    values (old.workspace_id, old.tenant_id, tg_table_name, old.id, 1,
      private.changed_columns('{}', to_jsonb(old)),
      case when old.agent_run_id is null then old.created_by end, old.agent_run_id, old.updated_at);
  end if;
  -- Deeper than this trigger itself is only the database, when the row's parent is deleted.
  insert into public.cmo_versions
    (workspace_id, tenant_id, table_name, row_id, number, changed, user_id, agent_run_id)
  values (new.workspace_id, new.tenant_id, tg_table_name, new.id, v_last + 1, v_changed, auth.uid(),
    case when auth.uid() is null and pg_trigger_depth() = 1 then new.agent_run_id end);
  perform private.fold_versions(tg_table_name, new.id);
  return null;
end $$;

create trigger keep_version after update on public.cmo_brand_profiles
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_icp_segments
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_offers
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_marketing_plans
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_funnels
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_funnel_stages
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_campaigns
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_campaign_channels
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_content_assets
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_content_variants
  for each row execute function private.keep_version();
create trigger keep_version after update on public.cmo_recommendations
  for each row execute function private.keep_version();

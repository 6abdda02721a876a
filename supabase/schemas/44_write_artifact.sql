-- How an artifact becomes a row: inserted, or merged into a row that is already known.
--
-- A workspace has one brand, and knows its segments and offers by their names. What a conversation
-- reports about them is merged into the existing row. A value without content was left open by the
-- conversation and changes nothing. A list replaces a list. An object, such as the brand's colors, is
-- merged key by key.

-- Inserts a row whose keys are columns. Columns that it does not name keep their defaults.
create function private.insert_row(p_table regclass, p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('%I', k), ', ') from jsonb_object_keys(p_row) k);
begin
  execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1)',
    p_table, v_columns) using p_row;
end $$;

create function private.update_row(p_table regclass, p_id uuid, p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('%I', k), ', ') from jsonb_object_keys(p_row) k);
begin
  execute format('update %1$s t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$s, $1))
    where t.id = $2', p_table, v_columns) using p_row, p_id;
end $$;

-- The members with content. A false flag has none: to name the primary segment again does not make it
-- one of the others. Only screens lower flags.
create function private.members_with_content(p_values jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(v.key, v.value), '{}')
  from (select e.key, jsonb_strip_nulls(e.value) as value from jsonb_each(p_values) e) v
  where v.value not in ('null', '""', '[]', '{}', 'false')
$$;

create function private.merge_values(p_known jsonb, p_new jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(n.key, case
    when jsonb_typeof(n.value) = 'object' and jsonb_typeof(p_known -> n.key) = 'object'
      then (p_known -> n.key) || n.value
    else n.value
  end), '{}')
  from jsonb_each(p_new) n
$$;

-- The row of the workspace that is meant; null when there is none. Names are compared without case and
-- surrounding spaces. Screens insert without looking, so that several rows may have one name: then the
-- latest is meant.
create function private.find_known(p_table regclass, p_name_column text, p_workspace_id uuid, p_name text)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_known jsonb;
begin
  execute format('select to_jsonb(t) from %s t where t.workspace_id = $1 and %s
      order by t.updated_at desc, t.id limit 1 for update', p_table,
    case when p_name_column is null then 'true'
      else format('lower(btrim(t.%I)) = lower(btrim($2))', p_name_column) end)
    into v_known using p_workspace_id, p_name;
  return v_known;
end $$;

-- Returns the id of the row that was changed or inserted. A known row keeps its creator and its status.
create function private.upsert_artifact(p_table regclass, p_name_column text, p_placed jsonb, p_values jsonb)
returns uuid
language plpgsql set search_path = ''
as $$
declare
  v_workspace_id uuid := p_placed ->> 'workspace_id';
  v_new jsonb := private.members_with_content(p_values);
  v_known jsonb;
begin
  -- Two conversations that report the same name at once make one row of it.
  perform pg_advisory_xact_lock(hashtextextended('upsert_artifact ' || v_workspace_id, 0));
  v_known := private.find_known(p_table, p_name_column, v_workspace_id, v_new ->> p_name_column);
  if v_known is null then
    perform private.insert_row(p_table, p_placed || v_new);
    return p_placed ->> 'id';
  end if;
  perform private.update_row(p_table, (v_known ->> 'id')::uuid, private.merge_values(v_known, v_new)
    || jsonb_build_object('agent_run_id', p_placed -> 'agent_run_id', 'warnings', p_placed -> 'warnings'));
  return v_known ->> 'id';
end $$;

-- A new piece, or the text for one that is planned: the artifact then has the id of a row of the
-- workspace. What the plan says of it stays, what the plan leaves open is filled in, and the run's
-- variants can hang under it. What is published is finished, and nothing joins it.
create function private.save_content(p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_known jsonb;
begin
  select to_jsonb(a) into v_known from public.cmo_content_assets a
  where a.id = (p_row ->> 'id')::uuid and a.workspace_id = (p_row ->> 'workspace_id')::uuid
    and coalesce(a.status, 'draft') not in ('published', 'archived')
  for update;
  if v_known is null then
    perform private.insert_row('public.cmo_content_assets', p_row);
    return;
  end if;
  perform private.update_row('public.cmo_content_assets', (p_row ->> 'id')::uuid, (
    select coalesce(jsonb_object_agg(n.key, n.value), '{}') from jsonb_each(p_row) n
    where n.key in ('agent_run_id', 'warnings') or v_known -> n.key = 'null'
  ));
end $$;

-- What a conversation learnt of a workspace is laid over what is known of it: the brand, of which
-- a workspace has one row, and segments and offers, which are known by their names.
--
-- A member without content was left open by the conversation; it empties nothing. A list replaces
-- a list. An object, such as the colours, is merged by its own keys.

create function private.update_row(p_table regclass, p_id uuid, p_row jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('%I', k), ', ') from jsonb_object_keys(p_row) k);
begin
  execute format('update %1$s t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$s, $1))
    where t.id = $2', p_table, v_columns) using p_row, p_id;
end $$;

create function private.named_members(p_values jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(v.key, v.value), '{}')
  from (select e.key, jsonb_strip_nulls(e.value) as value from jsonb_each(p_values) e) v
  where v.value not in ('null', '""', '[]', '{}')
$$;

create function private.lay_over(p_known jsonb, p_named jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(n.key, case
    when jsonb_typeof(n.value) = 'object' and jsonb_typeof(p_known -> n.key) = 'object'
      then (p_known -> n.key) || n.value
    else n.value
  end), '{}')
  from jsonb_each(p_named) n
$$;

-- The workspace's row that is meant; null when there is none yet. Names are compared as people do.
-- Screens insert without looking, so that several rows may bear one name: then the latest is meant.
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

-- Answers with the id of the row that was changed or inserted. A row that was there keeps who
-- created it and its status.
create function private.upsert_artifact(p_table regclass, p_name_column text, p_placed jsonb, p_values jsonb)
returns uuid
language plpgsql set search_path = ''
as $$
declare
  v_workspace_id uuid := p_placed ->> 'workspace_id';
  v_named jsonb := private.named_members(p_values);
  v_known jsonb;
begin
  -- Two conversations that learn the same name at once make one row of it.
  perform pg_advisory_xact_lock(hashtextextended('upsert_artifact ' || v_workspace_id, 0));
  v_known := private.find_known(p_table, p_name_column, v_workspace_id, v_named ->> p_name_column);
  if v_known is null then
    perform private.insert_row(p_table, p_placed || v_named);
    return p_placed ->> 'id';
  end if;
  perform private.update_row(p_table, (v_known ->> 'id')::uuid, private.lay_over(v_known, v_named)
    || jsonb_build_object('agent_run_id', p_placed -> 'agent_run_id'));
  return v_known ->> 'id';
end $$;

revoke all on all functions in schema private from public;

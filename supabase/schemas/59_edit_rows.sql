-- What users do with a row beyond editing its columns: move its status, bring back a version. Both are
-- functions because they decide on more than the row that is sent.

-- The tables whose rows have a status that moves.
create function private.has_moving_status(p_table text) returns boolean
language sql immutable set search_path = ''
as $$
  select coalesce(p_table in
    ('cmo_offers', 'cmo_marketing_plans', 'cmo_funnels', 'cmo_campaigns', 'cmo_content_assets'), false)
$$;

-- The row, locked, as JSON. A foreign one and one that does not exist are refused alike.
create function private.lock_row(p_table text, p_row_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row jsonb;
begin
  execute format('select to_jsonb(t) from public.%I t where t.id = $1 for update', p_table)
    into v_row using p_row_id;
  -- guards G18: rows that are moved or restored
  if v_row is null or not private.user_has_workspace_access((v_row ->> 'workspace_id')::uuid) then
    raise exception using errcode = 'PT404', message = 'row_not_found';
  end if;
  perform private.check_run_access((v_row ->> 'workspace_id')::uuid);
  return v_row;
end $$;

-- Returns {table, row_id, status, moved}. A row that has the status already is left as it is.
create function public.move_status(p_table text, p_row_id uuid, p_status text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row jsonb;
begin
  perform private.check_user();
  if not private.has_moving_status(p_table) then
    perform private.refuse_input('invalid_request', 'table', 'Must be a table whose rows have a status');
  end if;
  v_row := private.lock_row(p_table, p_row_id);
  if v_row ->> 'status' is distinct from p_status then
    perform private.check_status_move(v_row ->> 'status', p_status);
    execute format('update public.%I t set status = $1 where t.id = $2', p_table) using p_status, p_row_id;
  end if;
  return jsonb_build_object('table', p_table, 'row_id', p_row_id, 'status', p_status,
    'moved', v_row ->> 'status' is distinct from p_status);
end $$;

-- What was in a row at a version, without its status: to bring back a text approves nothing.
create function private.content_at(p_table text, p_row_id uuid, p_number integer) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_version record;
  v_content jsonb := '{}';
begin
  for v_version in
    select v.number, v.changed from public.cmo_versions v
    where v.table_name = p_table and v.row_id = p_row_id and v.number <= p_number order by v.number
  loop
    v_content := v_content || v_version.changed;
  end loop;
  if v_version.number is distinct from p_number then
    raise exception using errcode = 'PT404', message = 'version_not_found';
  end if;
  return v_content - 'status';
end $$;

-- Returns {table, row_id, number}: the number of the version that the row is at now.
create function public.restore_version(p_table text, p_row_id uuid, p_number integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_row jsonb;
  v_content jsonb;
  v_number integer;
begin
  perform private.check_user();
  -- A version exists only of tables that keep them, so that the name is one of ours.
  if not exists (select from public.cmo_versions v where v.table_name = p_table and v.row_id = p_row_id) then
    raise exception using errcode = 'PT404', message = 'row_not_found';
  end if;
  v_row := private.lock_row(p_table, p_row_id);
  v_content := private.changed_columns(v_row, private.content_at(p_table, p_row_id, p_number));
  if v_content <> '{}' then
    perform private.update_row(format('public.%I', p_table)::regclass, p_row_id, v_content);
  end if;
  select max(v.number) into v_number from public.cmo_versions v
  where v.table_name = p_table and v.row_id = p_row_id;
  if v_content <> '{}' then
    update public.cmo_versions v set restored_from = p_number
    where v.table_name = p_table and v.row_id = p_row_id and v.number = v_number;
  end if;
  return jsonb_build_object('table', p_table, 'row_id', p_row_id, 'number', v_number);
exception when foreign_key_violation then
  raise exception using errcode = 'PT409', message = 'version_refused',
    hint = 'It belongs to a plan, funnel or campaign that has been deleted since.';
end $$;

grant execute on function
  public.move_status(text, uuid, text),
  public.restore_version(text, uuid, integer)
  to authenticated;

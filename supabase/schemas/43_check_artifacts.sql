-- What is checked before a run may save a row: limits, references, parents. A refusal has a sentence
-- for the user who waits.

create function private.refuse_artifact(p_reason text) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = '22023', message = p_reason;
end $$;

create function private.check_artifacts(p_artifacts jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if jsonb_typeof(p_artifacts) <> 'array' then
    perform private.refuse_artifact('It is not a list of rows.');
  end if;
  -- guards G1: artifact count
  if jsonb_array_length(p_artifacts) > v_policy.max_artifacts then
    perform private.refuse_artifact(format('It has %s rows, and at most %s are saved.',
      jsonb_array_length(p_artifacts), v_policy.max_artifacts));
  end if;
  -- guards G1: artifact bytes
  if octet_length(p_artifacts::text) > v_policy.max_artifact_bytes then
    perform private.refuse_artifact(format('Its rows have more than %s bytes.', v_policy.max_artifact_bytes));
  end if;
end $$;

-- The values of an artifact for the columns that a run may set. Null is the same as absent.
create function private.read_values(p_artifact jsonb, p_columns text[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_max_chars integer := (select p.max_name_chars from private.run_policy p);
  v_values jsonb := (
    select coalesce(jsonb_object_agg(v.key, v.value), '{}')
    from jsonb_each(p_artifact -> 'values') v
    where v.key = any (p_columns) and v.value <> 'null'
  );
  v_long text;
begin
  select v.key into v_long from jsonb_each_text(v_values) v
  where (v.key = 'title' or right(v.key, 5) = '_name') and length(v.value) > v_max_chars
  limit 1;
  -- guards G1: artifact names
  if v_long is not null then
    perform private.refuse_artifact(format('%s has more than %s characters.', v_long, v_max_chars));
  end if;
  return v_values;
end $$;

-- A column that names a row must name one of the run's workspace. The foreign keys of the tables hold
-- that too; here the refusal gets its sentence.
create function private.check_reference(p_run public.agent_runs, p_artifact jsonb, p_column text, p_table regclass)
returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_id uuid := p_artifact -> 'values' ->> p_column;
  v_found boolean;
begin
  execute format('select exists (select from %s t where t.id = $1 and t.workspace_id = $2)', p_table)
    into v_found using v_id, p_run.workspace_id;
  if v_id is not null and not v_found then
    perform private.refuse_artifact(format('%s names no row of this workspace.', p_column));
  end if;
end $$;

-- The parent of a child must have been saved by the same run: no run adds to the work of others.
create function private.check_parent(p_run public.agent_runs, p_artifact jsonb, p_column text, p_table regclass)
returns void
language plpgsql stable set search_path = ''
as $$
declare
  v_found boolean;
begin
  -- guards G18: parent
  execute format('select exists (select from %s t where t.id = $1 and t.agent_run_id = $2)', p_table)
    into v_found using (p_artifact -> 'values' ->> p_column)::uuid, p_run.id;
  if not v_found then
    perform private.refuse_artifact(format('%s names no row that this run saved before it.', p_column));
  end if;
end $$;

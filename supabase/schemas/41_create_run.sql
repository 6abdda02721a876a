-- Accepts a run. Accepted means committed. The call is idempotent by the caller's own id of the run,
-- and by an idempotency key, whose request must then be the same.

create function private.check_run_id(p_id uuid) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  -- Other versions do not sort by time, and variants other than RFC 9562 have none.
  if p_id is null or uuid_extract_version(p_id) is distinct from 7 then
    perform private.refuse_input('invalid_request', 'id', 'Must be a UUID of version 7');
  end if;
end $$;

-- The caller's earlier run that this request repeats; an empty row if there is none.
create function private.find_repeated_run(p_id uuid, p_key text, p_hash text, p_workspace_id uuid)
returns public.agent_runs
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_id uuid := coalesce(private.target_of_key('run', p_key, p_hash, p_workspace_id), p_id);
  v_run public.agent_runs;
begin
  select r.* into v_run from public.agent_runs r
  where r.id = v_id and r.created_by = auth.uid() and r.workspace_id = p_workspace_id;
  return v_run;
end $$;

create function public.create_run(
  p_id uuid,
  p_mode text,
  p_input jsonb,
  p_workspace_id uuid default null,
  p_tenant_claim uuid default null,
  p_idempotency_key text default null,
  p_save boolean default false,
  p_on_rate_limit text default 'wait',
  p_retry_of uuid default null,
  p_chat_id text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_workspace_id uuid;
  v_tenant_id uuid;
  v_hash text;
  v_run public.agent_runs;
  v_rate jsonb;
  v_reserve bigint;
begin
  perform private.check_user();
  perform private.check_idempotency_key(p_idempotency_key);
  perform private.check_run_id(p_id);
  perform private.check_input_bounds(p_input);
  if p_chat_id is not null and length(p_chat_id) not between 1 and 200 then
    perform private.refuse_input('invalid_request', 'id', 'Must have 1 to 200 characters');
  end if;

  v_workspace_id := coalesce(
    p_workspace_id, private.workspace_of_key('run', p_idempotency_key), private.implied_workspace_id());
  v_hash := encode(sha256(convert_to(jsonb_build_array(
    p_mode, v_workspace_id, p_input, coalesce(p_save, false), p_on_rate_limit, p_retry_of,
    p_chat_id
  )::text, 'UTF8')), 'hex');

  -- guards G16, G17: repeat
  if private.user_has_workspace_access(v_workspace_id) then
    v_run := private.find_repeated_run(p_id, p_idempotency_key, v_hash, v_workspace_id);
    if v_run.id is not null then
      return jsonb_build_object('created', false, 'run', to_jsonb(v_run));
    end if;
  end if;

  perform private.check_run_access(v_workspace_id);
  v_tenant_id := private.tenant_of(v_workspace_id, p_tenant_claim);
  perform private.check_request(p_mode, p_on_rate_limit);
  perform private.check_retry(p_retry_of, v_workspace_id);
  perform private.check_parents(p_input, v_workspace_id);

  if private.take_key('run', p_idempotency_key, v_hash, v_workspace_id, p_id) then
    perform private.lock_submissions(v_tenant_id, auth.uid(), p_id);
    -- Of concurrent requests with one id, the later ones have waited there, and find the run of the first.
    -- guards G17, G28: repeated id
    if not exists (select from public.agent_runs r where r.id = p_id) then
      perform private.check_retry_in_flight(p_retry_of);
      -- After every refusal that costs nothing, before the insert.
      perform private.check_gateway(p_on_rate_limit);
      v_rate := private.admit_run(v_tenant_id, auth.uid());
      v_reserve := private.reserve_budget(v_tenant_id, v_workspace_id, p_mode);
      insert into public.agent_runs (
        id, tenant_id, workspace_id, created_by, agent, mode, input, save_artifacts, on_rate_limit,
        retry_of, chat_id, priority, reserved_micros, status, phase, output, enqueue_after, expires_at
      )
      select
        p_id, v_tenant_id, v_workspace_id, auth.uid(), private.agent_of_mode(p_mode), p_mode, p_input,
        coalesce(p_save, false), p_on_rate_limit, p_retry_of, p_chat_id, 1,
        v_reserve, 'running', 'queued', null,
        now() + p.first_enqueue_after, now() + p.wait_limit
      from private.run_policy p
      -- Nothing is left to a default: in an adopted project some of them are those of the app.
      -- The id may be that of a run of another tenant.
      on conflict do nothing
      returning * into v_run;
      if found then
        return jsonb_build_object('created', true, 'run', to_jsonb(v_run), 'rate_limit', v_rate);
      end if;
      perform private.book(v_tenant_id, now(), 0, -v_reserve);
    end if;
  end if;

  v_run := private.find_repeated_run(p_id, p_idempotency_key, v_hash, v_workspace_id);
  if v_run.id is null then
    raise exception using errcode = 'PT409', message = 'id_taken';
  end if;
  return jsonb_build_object('created', false, 'run', to_jsonb(v_run));
end $$;

grant execute on function public.create_run(uuid, text, jsonb, uuid, uuid, text, boolean, text, uuid, text)
  to authenticated;

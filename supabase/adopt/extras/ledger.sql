-- In a project that has an `agent_runs` of its own, rows of the app and runs of the kernel stand in one
-- table. What tells them apart is the phase: rows of the app have none, and the app can give them none.

create function private.keep_ledger_apart() returns trigger
language plpgsql set search_path = ''
as $$
begin
  -- The functions of the ledger run as their owner. Everybody else is the app.
  if current_user::text not in ('anon', 'authenticated', 'service_role') then
    return coalesce(new, old);
  end if;
  if tg_op <> 'INSERT' and old.phase is not null then
    raise exception using errcode = '42501', message = 'Runs of the kernel are changed by its functions alone.',
      hint = 'Call create_run, cancel_run or the API.';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  -- Nothing that the sweep or a worker looks for.
  new.phase := null;
  new.worker_id := null;
  new.enqueue_after := null;
  new.expires_at := null;
  new.deadline_at := null;
  new.cancel_requested_at := null;
  new.pipeline_id := null;
  new.pipeline_step := null;
  return new;
end $$;

create trigger app_rows_apart before insert or update or delete on public.agent_runs
  for each row execute function private.keep_ledger_apart();

-- A rule of the table calls it, and whoever inserts must be allowed to.
grant execute on function private.agent_of_mode(text) to anon, authenticated, service_role;

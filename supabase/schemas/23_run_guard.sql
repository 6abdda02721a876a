-- The legal transitions of a run, and the trigger that refuses all others. It is the last line of
-- defence and binds the superuser too. The contract and ARCHITECTURE.md hold the same table; a test
-- compares the three.

create table private.run_transitions (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
alter table private.run_transitions enable row level security;

insert into private.run_transitions (from_state, to_state) values
  ('queued', 'active'),
  ('queued', 'cancelled'),
  ('queued', 'failed'),
  ('active', 'queued'),
  ('active', 'completed'),
  ('active', 'failed'),
  ('active', 'cancelled');

-- Callers see a status, the work has a phase. A state is both in one word.
create function private.run_state(p_run public.agent_runs) returns text
language plpgsql immutable set search_path = ''
as $$
begin
  return case p_run.status when 'running' then p_run.phase else p_run.status end;
end $$;

create function private.guard_run() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_from text := private.run_state(old);
  v_to text := private.run_state(new);
begin
  -- guards G4
  if old.status <> 'running' then
    raise exception using errcode = 'PT409',
      message = format('Run %s has ended (%s) and cannot be changed.', old.id, old.status);
  end if;
  if (new.id, new.tenant_id, new.workspace_id, new.created_by, new.mode, new.agent, new.input, new.created_at)
    is distinct from
     (old.id, old.tenant_id, old.workspace_id, old.created_by, old.mode, old.agent, old.input, old.created_at)
  then
    raise exception using errcode = 'PT409',
      message = format('The request of run %s cannot be changed.', old.id);
  end if;
  if v_from <> v_to and not exists (
    select from private.run_transitions t where t.from_state = v_from and t.to_state = v_to
  ) then
    raise exception using errcode = 'PT409',
      message = format('Run %s cannot go from %s to %s.', old.id, v_from, v_to);
  end if;
  -- A claim is the only thing that starts an attempt, and starts exactly one.
  -- guards G5: next attempt
  if new.attempt <> old.attempt + (v_from = 'queued' and v_to = 'active')::int then
    raise exception using errcode = 'PT409',
      message = format('Run %s cannot go from attempt %s to %s.', old.id, old.attempt, new.attempt);
  end if;
  return new;
end $$;

create trigger guard_run before update on public.agent_runs
  for each row execute function private.guard_run();

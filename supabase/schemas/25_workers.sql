-- One row per worker process with its lease, and the clock of the sweep.

-- Each worker updates its row once a second. No index holds a column that a heartbeat changes, and
-- half of each page stays free, so that Postgres keeps the new version on the same page and writes
-- no index (a HOT update). The table has as many rows as there were workers in a day: the sweep
-- reads it whole.
create table public.workers (
  id uuid primary key,
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null,
  -- Since when heartbeats have arrived without a gap of half a lease.
  alive_since timestamptz not null default now(),
  -- Never unset: a worker that was lost starts again under a new id.
  lost_at timestamptz
)
with (fillfactor = 50);

alter table public.workers enable row level security;
grant select on public.workers to service_role;

-- How many workers are alive, for readiness checks. Without any, runs are accepted and wait. The
-- number reveals nothing about anybody's runs, so that no token is needed.
create function public.count_workers() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('alive', count(*))
  from public.workers w
  where w.lost_at is null and w.lease_expires_at > now()
$$;
grant execute on function public.count_workers() to anon, authenticated;

-- The clock of the sweep: the worker that moves it forward may sweep. One row, updated about once a
-- second: with a low fillfactor Postgres prunes its dead versions early, and the page stays short.
create table private.sweep_state (
  id boolean primary key default true check (id),
  at timestamptz not null default '-infinity'
)
with (fillfactor = 10);
alter table private.sweep_state enable row level security;

insert into private.sweep_state default values;

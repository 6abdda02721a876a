-- How many workers live, for whoever asks whether the system is ready: with none, runs are
-- accepted and wait. The number says nothing of anybody's runs, so that no token is needed.

create function public.count_workers() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object('alive', count(*))
  from public.workers w
  where w.lost_at is null and w.lease_expires_at > now()
$$;

revoke all on function public.count_workers() from public, anon, authenticated, service_role;
grant execute on function public.count_workers() to anon, authenticated;

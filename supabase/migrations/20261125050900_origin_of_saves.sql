-- What says that a run saved it, was saved by a run: also the brand, the segments and the offers,
-- which screens write too. And who adds a stage signs for it as for its funnel.

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'cmo_brand_profiles', 'cmo_icp_segments', 'cmo_offers', 'cmo_funnel_stages'
  ] loop
    execute format('drop policy runners_insert on public.%I', v_table);
    execute format(
      'create policy runners_insert on public.%I for insert to authenticated
         with check (workspace_id in (select private.my_runnable_workspace_ids())
           and created_by = (select auth.uid()) and agent_run_id is null)', v_table);
  end loop;
end $$;

drop trigger keep_creator on public.cmo_brand_profiles;
drop function private.keep_creator();

-- A run's own changes come without a user.
create function private.keep_origin() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if auth.uid() is null then
    return new;
  end if;
  if new.created_by is distinct from old.created_by and new.created_by is distinct from auth.uid() then
    raise exception using errcode = '42501', message = 'Nobody signs for somebody else.',
      hint = 'Leave created_by out: it is the one who saves.';
  end if;
  if new.agent_run_id is distinct from old.agent_run_id then
    raise exception using errcode = '42501', message = 'Only a run says that it saved a row.',
      hint = 'Leave agent_run_id out.';
  end if;
  return new;
end $$;

create trigger keep_origin before update of created_by, agent_run_id on public.cmo_brand_profiles
  for each row execute function private.keep_origin();

revoke all on all functions in schema private from public;

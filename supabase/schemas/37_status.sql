-- How far a draft has come: draft, approved, published, archived. Who moved it when is in its versions.
--
-- The existing screens and functions have words of their own (active, paused, completed, …). A row that
-- has one of them may go anywhere.

create function private.next_statuses(p_status text) returns text[]
language sql immutable set search_path = ''
as $$
  select case coalesce(p_status, 'draft')
    when 'draft' then '{approved,archived}'
    when 'approved' then '{draft,published,archived}'
    when 'published' then '{archived}'
    when 'archived' then '{draft}'
    else '{draft,approved,published,archived}'
  end::text[]
$$;

create function private.check_status_move(p_from text, p_to text) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  -- guards G26: order of statuses
  if p_to is null or not p_to = any (private.next_statuses(p_from)) then
    raise exception using errcode = 'PT409', message = 'status_refused',
      hint = format('From %s it can become %s.', coalesce(p_from, 'draft'),
        array_to_string(private.next_statuses(p_from), ', '));
  end if;
end $$;

create function private.guard_status() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if auth.uid() is not null then
    perform private.check_status_move(old.status, new.status);
  end if;
  return new;
end $$;

-- Who approved a row approved what was in it then.
create function private.withdraw_approval() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  -- guards G26: approval
  if private.changed_columns(to_jsonb(old), to_jsonb(new)) <> '{}' then
    new.status := 'draft';
  end if;
  return new;
end $$;

create trigger guard_status before update of status on public.cmo_offers
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_offers
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_marketing_plans
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_marketing_plans
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_funnels
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_funnels
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_campaigns
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_campaigns
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();
create trigger guard_status before update of status on public.cmo_content_assets
  for each row when (new.status is distinct from old.status) execute function private.guard_status();
create trigger withdraw_approval before update on public.cmo_content_assets
  for each row when (old.status = 'approved' and new.status = 'approved')
  execute function private.withdraw_approval();

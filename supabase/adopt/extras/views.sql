-- What the screens of the original app read and our schema does not have.

-- The tenants of a user are those of their workspaces.
create view public.user_tenants with (security_invoker = true) as
select distinct on (m.user_id, w.tenant_id)
  m.user_id, w.tenant_id, m.role, m.created_at,
  m.workspace_id as last_used_workspace_id,
  null::timestamptz as onboarding_completed_at,
  false as wants_product_updates
from public.workspace_members m
join public.workspaces w on w.id = m.workspace_id
order by m.user_id, w.tenant_id, w.is_default desc, m.created_at;

grant select on public.user_tenants to authenticated, service_role;

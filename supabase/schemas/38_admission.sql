-- Whether one more run of a tenant is accepted. Counted here, so that calling the function directly gains
-- nothing over the API.

-- Refuses a run that exceeds what its tenant or its user may submit.
create function private.admit_run(p_tenant_id uuid, p_user_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
  perform private.limits_of(p_tenant_id);
end $$;

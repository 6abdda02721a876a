-- Budgets: what a tenant's runs may cost.

-- Reserves what a run of this mode needs at first, or refuses it. Returns the reserve.
create function private.reserve_budget(p_tenant_id uuid, p_mode text) returns bigint
language plpgsql set search_path = ''
as $$
begin
  return 0;
end $$;

-- Books what an attempt has cost. Returns what stays reserved for the run; nothing when it is over.
create function private.settle_budget(p_run public.agent_runs, p_cost_micros bigint, p_is_over boolean)
returns bigint
language plpgsql set search_path = ''
as $$
begin
  return case when p_is_over then 0 else greatest(0, p_run.reserved_micros - p_cost_micros) end;
end $$;

-- What tokens cost.

-- The cost of an attempt by the report of its worker: {micros, estimated}.
create function private.cost_of(p_run public.agent_runs, p_answer jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return '{"micros": 0, "estimated": false}';
end $$;

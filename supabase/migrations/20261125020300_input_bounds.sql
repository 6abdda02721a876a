-- What an input may be, held here as well, since create_run can be called with the public key and
-- past the API. Expected refusals carry their code as the message, and in the detail the issues
-- that the caller is told.

alter table private.run_policy
  add column max_input_depth integer not null default 32 check (max_input_depth between 1 and 512);
comment on column private.run_policy.max_input_depth is
  'Levels of brackets. No agent''s input has more than five; recursion over it stays shallow.';

create function private.refuse_input(p_code text, p_path text, p_message text) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT400', message = p_code, detail = jsonb_build_object(
    'issues', jsonb_build_array(jsonb_build_object('path', p_path, 'message', p_message)))::text;
end $$;

-- Bounded before it is written out as text anywhere: a number of eight letters, 1e131071, is a
-- hundred kilobytes long once it is written out, and twenty thousand of them fit into a request.
create function private.check_input_bounds(p_input jsonb) returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_policy private.run_policy;
begin
  select p.* into v_policy from private.run_policy p;
  if p_input is null or jsonb_typeof(p_input) <> 'object' then
    perform private.refuse_input('invalid_request', '', 'Has to be a JSON object');
  end if;
  -- A one-digit number takes two bytes as text and twelve as jsonb: no input of legal length has more.
  if pg_column_size(p_input) > 8 * v_policy.max_input_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_policy.max_input_bytes)::text;
  end if;
  if jsonb_path_exists(p_input, format(
    'strict $.**{%s} ? (@.type() == "object" || @.type() == "array")', v_policy.max_input_depth
  )::jsonpath) then
    perform private.refuse_input('invalid_request', '',
      format('JSON may be nested %s levels deep', v_policy.max_input_depth));
  end if;
  -- What a double cannot hold, no other part of the system could read.
  if jsonb_path_exists(p_input, 'strict $.** ? (@.type() == "number"
    && (@.abs() > 1.7976931348623157e308 || (@ != 0 && @.abs() < 5e-324)))') then
    perform private.refuse_input('invalid_request', '', 'Holds a number beyond all bounds');
  end if;
  -- Harmless here, but not in whatever merges it later.
  if jsonb_path_exists(p_input, 'strict $.** ? (@.type() == "object").keyvalue() ? (
    @.key == "__proto__" || (@.key == "constructor" && exists (@.value.prototype)))') then
    perform private.refuse_input('invalid_request', '',
      'Holds a name that a member cannot have');
  end if;
  if octet_length(p_input::text) > v_policy.max_input_bytes then
    raise exception using errcode = 'PT413', message = 'input_too_large',
      detail = jsonb_build_object('max_bytes', v_policy.max_input_bytes)::text;
  end if;
end $$;

create or replace function private.check_request(p_mode text, p_input jsonb, p_on_rate_limit text)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.agent_of_mode(p_mode) is null then
    raise exception using errcode = 'PT400', message = 'unknown_mode';
  end if;
  if p_on_rate_limit is null or p_on_rate_limit not in ('fail', 'wait') then
    perform private.refuse_input('invalid_request', 'on_rate_limit', 'Has to be fail or wait');
  end if;
end $$;

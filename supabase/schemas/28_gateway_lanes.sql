-- Lanes: one for each key and model of a gateway.

-- Why nothing may be claimed for a lane right now: {kind: 'paused', until}; null when it may.
create function private.lane_pause(p_lane text) returns jsonb
language plpgsql set search_path = ''
as $$
begin
  return null;
end $$;

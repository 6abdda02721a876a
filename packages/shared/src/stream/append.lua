-- Appends events to a run's log atomically. It fences by attempt, refuses after the end, starts
-- each attempt with an empty log, drops duplicates, detects gaps, caps the size, renews the time to
-- live now and then, and publishes what it added.
--
-- KEYS  log (stream) · meta (hash) · live (channel; a key, so that a cluster routes by the tag)
-- ARGV  attempt · seq of the first event · time to live in ms · max events · max bytes,
--       then a type and a JSON line for each event
-- Reply OK <last seq> | FULL <last seq> | GAP <last seq> | FENCED <attempt> | CLOSED <end id>
local meta = redis.call('HMGET', KEYS[2], 'attempt', 'last', 'bytes', 'closed')
local held, last = tonumber(meta[1] or '-1'), meta[2] or '0-0'
local bytes = tonumber(meta[3] or '0')
local attempt, first = tonumber(ARGV[1]), tonumber(ARGV[2])
-- The last entry may be of an earlier attempt.
local of, at_end = string.match(last, '(%d+)-(%d+)')
local seq = tonumber(of) == held and tonumber(at_end) or -1

-- guards G6: after the end
if meta[4] then return { 'CLOSED', meta[4] } end
-- guards G5
if attempt < held then return { 'FENCED', tostring(held) } end
if attempt > held then
  if first ~= 0 then return { 'GAP', '-1' } end
  -- A log holds one attempt: superseded events are withdrawn and the count restarts. `last`
  -- stays, so that a reader that has read all of the old attempt sees the new one follow it.
  -- guards G6: one attempt
  redis.call('DEL', KEYS[1])
  seq, bytes = -1, 0
-- guards G6: gap
elseif first > seq + 1 then
  return { 'GAP', tostring(seq) }
end

-- Renewing the time to live costs as much as an entry, so only the first of so many does it.
local RENEWED_EVERY = 64
local renewed, reply = math.floor(seq / RENEWED_EVERY), 'OK'
for index = 6, #ARGV, 2 do
  local at = first + (index - 6) / 2
  -- guards G6: duplicate
  if at > seq then
    local kind, data = ARGV[index], ARGV[index + 1]
    local size = bytes + #kind + #data
    if kind ~= 'attempt' and (at >= tonumber(ARGV[4]) or size > tonumber(ARGV[5])) then
      reply = 'FULL'
      break
    end
    local id = string.format('%d-%d', attempt, at)
    redis.call('XADD', KEYS[1], id, 'type', kind, 'data', data)
    redis.call('PUBLISH', KEYS[3], last .. '\n' .. id .. '\n' .. kind .. '\n' .. data)
    seq, bytes, last = at, size, id
  end
end
redis.call('HSET', KEYS[2], 'attempt', attempt, 'last', last, 'bytes', bytes)
if math.floor(seq / RENEWED_EVERY) > renewed then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return { reply, string.format('%d', seq) }

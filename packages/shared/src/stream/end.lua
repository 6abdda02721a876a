-- Closes a run's log with an end marker, whoever ended the run and whether or not it had an
-- attempt. The place of the marker is fixed, which makes the script idempotent.
--
-- KEYS  log (stream) · meta (hash) · live (channel)
-- ARGV  attempt · id of the end · time to live in ms
-- Reply OK <end id> | CLOSED <end id> | FENCED <attempt>
local meta = redis.call('HMGET', KEYS[2], 'attempt', 'last', 'closed')
local held, last = tonumber(meta[1] or '-1'), meta[2] or '0-0'
local attempt, id, ttl = tonumber(ARGV[1]), ARGV[2], ARGV[3]

-- guards G6: one end
if meta[3] then return { 'CLOSED', meta[3] } end
if attempt < held then return { 'FENCED', tostring(held) } end
-- The entries of an earlier attempt are not part of the run that ends here.
if attempt > held then redis.call('DEL', KEYS[1]) end

redis.call('XADD', KEYS[1], id, 'type', 'end', 'data', '{}')
redis.call('HSET', KEYS[2], 'attempt', attempt, 'last', id, 'closed', id)
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('PEXPIRE', KEYS[2], ttl)
redis.call('PUBLISH', KEYS[3], last .. '\n' .. id .. '\nend\n{}')
return { 'OK', id }

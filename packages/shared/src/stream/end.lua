-- Closes a run's log with the marker of its end, whoever ended the run and whether or not an
-- attempt was ever made. The place is fixed, so twice is once.
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
-- What an earlier attempt left is not part of the run that ends here.
if attempt > held then redis.call('DEL', KEYS[1]) end

redis.call('XADD', KEYS[1], id, 'type', 'end', 'data', '{}')
redis.call('HSET', KEYS[2], 'attempt', attempt, 'last', id, 'closed', id)
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('PEXPIRE', KEYS[2], ttl)
redis.call('PUBLISH', KEYS[3], last .. '\n' .. id .. '\nend\n{}')
return { 'OK', id }

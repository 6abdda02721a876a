-- Holds places among the open streams of a tenant and of one of its users, until they expire.
--
-- KEYS  streams of the tenant · streams of the user (sorted sets: a member for each stream, scored by
--       the time at which it expires)
-- ARGV  time to live in ms · most of the tenant · most of the user, then the streams.
--       Without limits (an empty text), streams that are open already are renewed.
-- Reply taken | user | tenant: whose places are all taken
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl, most_tenant, most_user = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

-- Those of processes that have crashed.
-- guards G24, G28: expired streams
for _, key in ipairs(KEYS) do redis.call('ZREMRANGEBYSCORE', key, '-inf', now) end
-- guards G28: streams of a user
if most_user and redis.call('ZCARD', KEYS[2]) >= most_user then return 'user' end
-- guards G28: streams of a tenant
if most_tenant and redis.call('ZCARD', KEYS[1]) >= most_tenant then return 'tenant' end
for _, key in ipairs(KEYS) do
  for i = 4, #ARGV do redis.call('ZADD', key, now + ttl, ARGV[i]) end
  redis.call('PEXPIRE', key, ttl)
end
return 'taken'

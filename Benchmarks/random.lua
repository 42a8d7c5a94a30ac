-- For wrk: asks for addresses of a file in random order, and ends with one line that a program can read.
-- Behind an address may stand, after a tab, the entity tag that the client has already.
-- Usage: wrk … -s random.lua URL -- FILE

local requests = {}

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, tag = line:match("^([^\t]+)\t?(.*)$")
    requests[#requests + 1] = wrk.format("GET", path, tag ~= "" and {["If-None-Match"] = tag} or nil)
  end
  math.randomseed(1)
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

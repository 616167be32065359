import Redis

/// The steps of a lane that must be indivisible, as Lua for Redis 7.0.
///
/// All keys come in KEYS and share one hash tag. None trims a stream, deletes an entry that was not delivered, or deletes
/// a consumer that holds leases: each of these loses work.
enum LaneScripts {
    /// An entry is owned when it is pending for this consumer: a reclaim by another one moves it away.
    private static let owns = """
        local function owns(id)
          return redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1, ARGV[2])[1] ~= nil
        end

        """

    /// A lease named twice in one call ends once.
    ///
    /// Acknowledged entries are deleted in the same step: an acknowledged entry left behind would be counted as waiting.
    private static let settle = """
        local seen = {}
        local function ends(id)
          if seen[id] then return false end
          seen[id] = true
          return owns(id)
        end
        local function settle(ids)
          if #ids > 0 then
            redis.call('XACK', KEYS[1], ARGV[1], unpack(ids))
            redis.call('XDEL', KEYS[1], unpack(ids))
          end
        end

        """

    /// Makes one stream with its group, which begins at the first entry, never at `$`.
    ///
    /// An id that a lost stream gave out must never name an entry of the new one, or a lease from before would end the wrong
    /// shard. So its first ids lie one second ahead, with a second part that only this microsecond has.
    private static let make = """
        local function make(key, group)
          local made = redis.pcall('XGROUP', 'CREATE', key, group, '0', 'MKSTREAM')
          if type(made) == 'table' and made.err then
            return not string.find(made.err, 'BUSYGROUP', 1, true) and made or nil
          end
          if redis.call('XLEN', key) == 0 then
            local now = redis.call('TIME')
            local ahead = now[1] * 1000 + math.floor(now[2] / 1000) + 1000
            redis.call('XSETID', key, string.format('%.0f-%.0f', ahead, now[2] % 1000 * 4294967296))
          end
        end

        """

    /// Makes streams and groups where they are missing.
    ///
    /// KEYS: ready, done, generation. ARGV: worker group, reducer group, generation number or empty.
    /// With a number it also notes the generation and the server's run. Returns OK.
    static let prepare = RedisScript(
        name: "prepare",
        source: make + """
            for index = 1, 2 do
              local failed = make(KEYS[index], ARGV[index])
              if failed then return failed end
            end
            if ARGV[3] ~= '' then
              local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
              redis.call('SET', KEYS[3], ARGV[3] .. ' ' .. run)
            end
            return redis.status_reply('OK')
            """)

    /// Empties a lane whose content can no longer be trusted, and takes its generation away.
    ///
    /// KEYS: ready, done, generation, both sweeps. ARGV: worker group, reducer group. Returns OK.
    static let reset = RedisScript(
        name: "reset",
        source: make + """
            redis.call('DEL', unpack(KEYS))
            return make(KEYS[1], ARGV[1]) or make(KEYS[2], ARGV[2]) or redis.status_reply('OK')
            """)

    /// Tells the generation, if streams and groups are here and the server has not started anew since it was noted.
    ///
    /// KEYS: ready, done, generation. ARGV: worker group, reducer group. Returns the number as bytes, or null.
    static let generation = RedisScript(
        name: "generation",
        source: """
            local noted = redis.call('GET', KEYS[3])
            if not noted then return false end
            for index = 1, 2 do
              if redis.pcall('XPENDING', KEYS[index], ARGV[index]).err then return false end
            end
            local number, run = string.match(noted, '^(%-?%d+) (%w+)$')
            if run ~= string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') then return false end
            return number
            """)

    /// Leases up to a number of waiting shards, unless too many results wait or the lane is in doubt.
    ///
    /// In doubt it is from a restart of the server until the coordinator has looked: work done on an older filling would
    /// be thrown away with it.
    /// KEYS: ready, done, generation. ARGV: group, consumer, number, bound of results.
    /// Returns -1 for too many results, -2 for a lane in doubt, else a flat list of entry id and value in turn.
    static let claim = RedisScript(
        name: "claim",
        source: """
            if redis.call('XLEN', KEYS[2]) > tonumber(ARGV[4]) then return -1 end
            local noted = redis.call('GET', KEYS[3])
            if noted then
              local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
              if string.match(noted, ' (%w+)$') ~= run then return -2 end
            end
            local read = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[3], 'STREAMS', KEYS[1], '>')
            local flat = {}
            if read then
              for _, entry in ipairs(read[1][2]) do
                flat[#flat + 1] = entry[1]
                flat[#flat + 1] = entry[2][2]
              end
            end
            return flat
            """)

    /// Renews leases that this consumer still owns.
    ///
    /// JUSTID resets the idle time and leaves the delivery count.
    /// KEYS: ready. ARGV: group, consumer, entry ids. Returns the ids that are not owned any more.
    static let beat = RedisScript(
        name: "beat",
        source: owns + """
            local held, lost = {}, {}
            for index = 3, #ARGV do
              local list = owns(ARGV[index]) and held or lost
              list[#list + 1] = ARGV[index]
            end
            if #held > 0 then
              local words = {KEYS[1], ARGV[1], ARGV[2], '0'}
              for _, id in ipairs(held) do words[#words + 1] = id end
              words[#words + 1] = 'JUSTID'
              redis.call('XCLAIM', unpack(words))
            end
            return lost
            """)

    /// Hands results over and ends their leases, refusing those whose lease belongs to another by now.
    ///
    /// KEYS: ready, done. ARGV: group, consumer, then for each shard: entry id, shard id, attempt, number of parts, parts.
    /// Returns for each shard 1, or 0 if refused.
    static let finish = RedisScript(
        name: "finish",
        source: owns + settle + """
            local ended, accepted, index = {}, {}, 3
            while index <= #ARGV do
              local id, count = ARGV[index], tonumber(ARGV[index + 3])
              local added = false
              if ends(id) then
                local words = {KEYS[2], 'NOMKSTREAM', '*', 's', ARGV[index + 1], 'a', ARGV[index + 2], 'w', ARGV[2]}
                for part = 1, count do
                  words[#words + 1] = 'p'
                  words[#words + 1] = ARGV[index + 3 + part]
                end
                added = redis.call('XADD', unpack(words))
              end
              if added then ended[#ended + 1] = id end
              accepted[#accepted + 1] = added and 1 or 0
              index = index + 4 + count
            end
            settle(ended)
            return accepted
            """)

    /// Ends leases without a result: of shards that are in the ledger already.
    ///
    /// KEYS: ready. ARGV: group, consumer, entry ids. Returns for each 1, or 0 if not owned any more.
    static let acknowledge = RedisScript(
        name: "acknowledge",
        source: owns + settle + """
            local ended, accepted = {}, {}
            for index = 3, #ARGV do
              local mine = ends(ARGV[index])
              if mine then ended[#ended + 1] = ARGV[index] end
              accepted[#accepted + 1] = mine and 1 or 0
            end
            settle(ended)
            return accepted
            """)

    /// Puts shards back as new entries, whose delivery count begins anew, and ends their leases.
    ///
    /// KEYS: ready. ARGV: group, consumer, then entry id and shard id in turn. Returns for each 1, or 0 if not owned.
    static let release = RedisScript(
        name: "release",
        source: owns + settle + """
            local ended, accepted = {}, {}
            for index = 3, #ARGV, 2 do
              local mine = ends(ARGV[index])
              if mine then
                redis.call('XADD', KEYS[1], '*', 's', ARGV[index + 1])
                ended[#ended + 1] = ARGV[index]
              end
              accepted[#accepted + 1] = mine and 1 or 0
            end
            settle(ended)
            return accepted
            """)

    /// Takes over leases that were not renewed for a term.
    ///
    /// One look at a time for the whole fleet: a look that came to the end leaves `sweep` behind for a while, so that the
    /// cost does not grow with the number of workers. XAUTOCLAIM passes at most ten leases for each one asked for, so it is
    /// repeated, but not without end: the server does nothing else meanwhile.
    /// KEYS: stream, sweep. ARGV: group, consumer, term in ms, number, pause between looks in ms, where to begin.
    /// Returns where to go on (0-0 at the end), the number of ids whose entries are gone, how many leases there are, then for
    /// each entry taken: its id, its delivery count and its fields.
    static let reclaim = RedisScript(
        name: "reclaim",
        source: """
            local held = redis.call('XPENDING', KEYS[1], ARGV[1])[1]
            if redis.call('EXISTS', KEYS[2]) == 1 or held == 0 then return {'0-0', 0, held} end
            local from, gone, found, rounds = ARGV[6], 0, {}, 0
            repeat
              local taken = redis.call(
                'XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], from, 'COUNT', tonumber(ARGV[4]) - #found)
              from, gone, rounds = taken[1], gone + #taken[3], rounds + 1
              for _, entry in ipairs(taken[2]) do
                local row = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1, ARGV[2])
                found[#found + 1] = {entry[1], row[1] and row[1][4] or 1, entry[2]}
              end
            until from == '0-0' or #found >= tonumber(ARGV[4]) or rounds >= 500
            if from == '0-0' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[5]) end
            return {from, gone, held, unpack(found)}
            """)

    /// Ends merged results, whoever of the reducers held them.
    ///
    /// KEYS: done. ARGV: group, entry ids. Returns how many entries went.
    static let acknowledgeResults = RedisScript(
        name: "acknowledge results",
        source: """
            local ids = {unpack(ARGV, 2)}
            redis.call('XACK', KEYS[1], ARGV[1], unpack(ids))
            return redis.call('XDEL', KEYS[1], unpack(ids))
            """)

    /// Counts, all of one moment.
    ///
    /// KEYS: ready, done. ARGV: group. Returns length of ready, leases, length of done, then consumer and leases in turn.
    static let depth = RedisScript(
        name: "depth",
        source: """
            local pending = redis.call('XPENDING', KEYS[1], ARGV[1])
            local reply = {redis.call('XLEN', KEYS[1]), pending[1], redis.call('XLEN', KEYS[2])}
            for _, consumer in ipairs(pending[4] or {}) do
              reply[#reply + 1] = consumer[1]
              reply[#reply + 1] = consumer[2]
            end
            return reply
            """)

    /// Deletes consumers that hold nothing and were silent for a time: deleting one with leases would lose its work.
    ///
    /// KEYS: stream. ARGV: group, silence in ms, one consumer's name or empty for all. Returns how many went.
    static let forgetConsumers = RedisScript(
        name: "forget consumers",
        source: """
            local gone = 0
            for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
              local row = {}
              for index = 1, #info, 2 do row[info[index]] = info[index + 1] end
              local asked = ARGV[3] == '' or ARGV[3] == row['name']
              if asked and row['pending'] == 0 and row['idle'] >= tonumber(ARGV[2]) then
                redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], row['name'])
                gone = gone + 1
              end
            end
            return gone
            """)
}

import ArgumentParser
import Domain
import Logging
import Queue
import Redis
import Store

/// `groundswell lanes`: what is in Redis at this moment.
struct LanesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lanes",
        abstract: "Show the queue: waiting, in flight, awaiting merge, for each lane.",
        discussion: """
            Example: groundswell lanes --output json
            A lane is 'ready', or 'lost' while Redis has none of its data: then nothing runs until a coordinator has sent
            the unmerged shards again, which takes seconds.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try await Settings(connection)
        var logger = Logger(label: "groundswell.lanes")
        logger.logLevel = .error
        let store = try await Store.open(settings.postgresURL(), application: "groundswell lanes")
        let redis = RedisClient(try RedisURL(settings.redisURL()), logger: logger)
        var table = Table(["lane", "state", "generation", "waiting", "in flight", "workers", "results"])
        for lane in Lane.allCases {
            let queue = LaneQueue(redis: redis, blocking: nil, lane: lane, logger: logger)
            table.add(try await row(of: queue, expected: store.generation(of: lane)))
        }
        output.show(table)
    }

    private func row(of queue: LaneQueue, expected: Int64) async throws -> [Table.Cell] {
        let name = Table.Cell.text(queue.lane.rawValue)
        // Generation 0: no coordinator has ever made this lane.
        if expected == 0 { return [name, .text("unused")] + Array(repeating: .missing, count: 5) }
        let found: Int64?
        let depth: Depth
        do throws(QueueError) {
            found = try await queue.generation()
            depth = try await queue.depth()
        } catch {
            guard error == .lost else { throw error }
            return [name, .text("lost"), .integer(expected)] + Array(repeating: .missing, count: 4)
        }
        return [
            name, .text(found == expected ? "ready" : "lost"), .integer(expected), .count(depth.waiting),
            .count(depth.inFlight), .count(depth.consumers.values.count { $0 > 0 }), .count(depth.results),
        ]
    }
}

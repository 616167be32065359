import Compression
import Domain
import Foundation
import Generator
import Glibc
import Harness
import Logging
import Testing
import Trends

@testable import Worker

/// Shards tried in real child processes of the built program.
@Suite(.timeLimit(.minutes(3)))
struct TrialRoomTests {
    private static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("groundswell").path
    private static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models").path

    private static func room(_ environment: [String: String] = [:], patience: Duration = .seconds(60)) -> TrialRoom {
        var all = ProcessInfo.processInfo.environment
        all["SWIFT_BACKTRACE"] = "enable=no"
        all.merge(environment) { _, new in new }
        return TrialRoom(
            program: TrialProgram(path: executable, arguments: ["trial"], environment: all, folder: "/"),
            models: models, patience: patience, logger: Logger(label: "trial") { _ in SwiftLogNoOpLogHandler() })
    }

    /// An archive as one shard, with `marked` at the beginning of some posts' texts.
    private static func shard(
        posts: Int, marked: [Int: String] = [:]
    ) throws -> (shard: ShardDescription, context: JobContext, offsets: [Int64]) {
        let scenario = Scenario.demo(lastDay: Timestamp(seconds: 1_790_000_000), posts: posts, seed: 11)
        var generator = PostGenerator(scenario)
        var text = ""
        while generator.nextBlock({ text += String(decoding: $0, as: UTF8.self) }) {}
        var lines = text.split(separator: "\n").map { String($0) + "\n" }
        for (index, marker) in marked {
            lines[index] = lines[index].replacing(#""text":""#, with: #""text":"\#(marker) "#)
        }
        var offsets: [Int64] = [0]
        for line in lines { offsets.append(offsets[offsets.count - 1] + Int64(line.utf8.count)) }
        let path = TestFolder.path("posts.jsonl")
        try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
        let job = JobID(rawValue: 1)
        let context = try JobContext(
            job: job, monitorYAML: MonitorText.yaml(for: scenario), models: ModelShelf(folder: models),
            submitted: Timestamp(seconds: 1_790_000_000))
        let source = SourceDescription(place: .file(path: path), format: .jsonLines, compression: .none)
        let shard = ShardDescription(
            id: ShardID(job: job, index: 0), source: source, offset: 0, length: offsets[offsets.count - 1])
        return (shard, context, offsets)
    }

    private static func digest(_ parts: [[UInt8]]) throws -> RollupDigest {
        var sum = Partial()
        for part in parts { sum.merge(try Partial(encoded: ZstdFrame.decompressed(part, limit: 1 << 30))) }
        return RollupDigest(of: sum)
    }

    private static func digest(
        _ shard: ShardDescription, _ context: JobContext, leavingOut poison: [Int64: String] = [:]
    ) throws -> RollupDigest {
        var pipeline = ShardPipeline(context: context)
        pipeline.skipped = poison
        var sum = Partial()
        try pipeline.run(shard, emit: { sum.merge($0) })
        return RollupDigest(of: sum)
    }

    private static func run(
        _ room: TrialRoom, _ shard: ShardDescription, _ context: JobContext,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) async throws -> TrialRoom.Verdict {
        try await onOwnThread {
            room.open()
            defer { room.close() }
            return room.run(shard, of: context, payload: nil, isCancelled: isCancelled)
        }
    }

    @Test func aTrialGivesTheSameRowsAsARunInTheWorker() async throws {
        let (shard, context, _) = try Self.shard(posts: 3000)
        guard case .finished(let parts) = try await Self.run(Self.room(), shard, context) else {
            Issue.record("not finished")
            return
        }
        let (tried, worked) = (try Self.digest(parts), try Self.digest(shard, context))
        #expect(tried == worked)
    }

    @Test func poisonousRecordsAreSetAsideAndTheOthersCount() async throws {
        let (shard, context, offsets) = try Self.shard(
            posts: 1500, marked: [0: "DEADLY", 700: "DEADLY", 1499: "DEADLY"])
        let verdict = try await Self.run(Self.room(["GROUNDSWELL_ABORT_ON": "DEADLY"]), shard, context)
        guard case .finished(let parts) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        let reason = "poison: killed its process (signal 6)"
        let poison = [offsets[0]: reason, offsets[700]: reason, offsets[1499]: reason]
        let (tried, worked) = (try Self.digest(parts), try Self.digest(shard, context, leavingOut: poison))
        #expect(tried == worked)
        let quarantine = try parts.flatMap {
            try Partial(encoded: ZstdFrame.decompressed($0, limit: 1 << 30)).quarantine
        }
        #expect(quarantine.map(\.offset).sorted() == poison.keys.sorted())
        #expect(quarantine.allSatisfy { $0.isPoison && $0.excerpt.count == QuarantinedRecord.excerptLimit })
    }

    @Test func aRecordThatTakesTooLongTwiceIsPoison() async throws {
        let (shard, context, offsets) = try Self.shard(posts: 20, marked: [5: "ENDLESS"])
        let room = Self.room(["GROUNDSWELL_SLOW_ON": "ENDLESS:10000"], patience: .seconds(3))
        var verdict = try await Self.run(room, shard, context)
        // A child that hardly gets a core is given up without blame, as any other failure that may pass.
        for _ in 0..<5 {
            guard case .failed(_, .transient) = verdict else { break }
            verdict = try await Self.run(room, shard, context)
        }
        guard case .finished(let parts) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        let part = try Partial(encoded: ZstdFrame.decompressed(try #require(parts.first), limit: 1 << 30))
        #expect(part.quarantine.map(\.offset) == [offsets[5]])
        #expect(part.quarantine.map(\.reason) == ["poison: took longer than 3 s"])
        #expect(part.totals.records == 20)
    }

    @Test func aShardThatCannotBeReadFailsAsItWouldInTheWorker() async throws {
        var (shard, context, _) = try Self.shard(posts: 1)
        shard.source.place = .file(path: "/nowhere/posts.jsonl")
        let verdict = try await Self.run(Self.room(), shard, context)
        guard case .failed(let reason, .permanent) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(reason.contains("/nowhere/posts.jsonl: no such file"))
    }

    @Test func aTrialThatNobodyWaitsForEndsAtOnce() async throws {
        let (shard, context, _) = try Self.shard(posts: 20, marked: [5: "ENDLESS"])
        let started = ContinuousClock.now
        let verdict = try await Self.run(
            Self.room(["GROUNDSWELL_SLOW_ON": "ENDLESS:10000"]), shard, context,
            isCancelled: { ContinuousClock.now - started > .seconds(1) })
        #expect(verdict == .cancelled)
        #expect(ContinuousClock.now - started < .seconds(30))
    }

    @Test func aProgramThatIsNoTrialFailsTheShardForNow() async throws {
        let (shard, context, _) = try Self.shard(posts: 1)
        for path in ["/bin/true", "/nowhere/groundswell"] {
            let room = TrialRoom(
                program: TrialProgram(path: path, arguments: [], environment: [:], folder: "/"), models: Self.models,
                patience: .seconds(60), logger: Logger(label: "trial") { _ in SwiftLogNoOpLogHandler() })
            guard case .failed(_, .transient) = try await Self.run(room, shard, context) else {
                Issue.record("\(path) was taken for a trial")
                return
            }
        }
    }

    @Test func theChildEndsWithItsWorkerThoughARecordTakesForEver() async throws {
        let (shard, context, _) = try Self.shard(posts: 2, marked: [0: "ENDLESS"])
        let line = try #require(TrialLine.pair())
        let request = TrialRequest(
            shard, monitorYAML: context.monitorYAML, models: Self.models, submitted: context.submitted)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.executable)
        process.arguments = ["trial"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["GROUNDSWELL_SLOW_ON": "ENDLESS:10000"]) { _, new in new }
        process.standardInput = FileHandle(fileDescriptor: line.child, closeOnDealloc: true)
        try process.run()
        try line.worker.send(.request(try request.encoded()))
        var buffer = FrameBuffer()
        var memory = [UInt8](repeating: 0, count: 4096)
        var frame: TrialFrame?
        while frame == nil {
            _ = try line.worker.receive(into: &buffer, &memory)
            frame = try buffer.next()
        }
        #expect(frame == .reading(0))
        line.worker.close()
        for _ in 0..<600 where process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        #expect(!process.isRunning)
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

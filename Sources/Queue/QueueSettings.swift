#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The bounds and times of one process's part in a lane.
package struct QueueSettings: Sendable {
    package var profile = LeaseProfile.standard
    /// This process's name in the consumer groups: unique for each start, or two owners of a lease look like one.
    package var consumer: String
    /// Claims give nothing while more results than this wait for a reducer: they, not the ids, fill Redis' memory.
    package var resultBound = 256
    /// The first word of every key.
    package var namespace = "gs"

    package init(role: String = "worker") { consumer = Self.uniqueConsumer(role: role) }

    /// Host, process and 64 random bits: a process id alone returns, in containers at once.
    package static func uniqueConsumer(role: String) -> String {
        var host = [CChar](repeating: 0, count: 64)
        _ = gethostname(&host, host.count - 1)
        let name = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        return "\(role)-\(String(decoding: name, as: UTF8.self))-\(getpid())-\(random)"
    }
}

/// The fixed sizes of the queue's commands.
enum QueueLimits {
    /// Commands in one pipeline of an enqueue: about 60 KB, a fraction of a millisecond for the server.
    static let enqueueBatch = 1000
    /// Shards in one run of a script: the server does nothing else meanwhile, so a run stays near a millisecond.
    static let scriptBatch = 256
    /// Bytes of results in one run, for the same reason: a few milliseconds of copying.
    static let scriptBytes = 4 << 20
    /// Redis scans ten times the asked number of leases in one look: enough to pass many living ones.
    static let reclaimRounds = 64
}

import Foundation
import Harness
import LocalServers
import Testing

@Suite struct LifetimeTests {
    /// The process that dies is this test program, run once more by the exit test.
    @Test(.timeLimit(.minutes(1))) func anAttachedServerDiesWithAProcessEndedBySIGKILL() async throws {
        let result = try await #require(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            let server = try PrivateRedis.start(in: TestFolder.path("redis"))
            print("<pid \(server.pid ?? 0)>")
            fflush(nil)
            kill(getpid(), SIGKILL)
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        let pid = try #require(output.firstMatch(of: /<pid (\d+)>/).flatMap { Int32($0.1) })
        let deadline = ContinuousClock.now + .seconds(10)
        while isServer(pid), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        #expect(!isServer(pid))
    }

    /// A zombie would keep Swift Testing's monitor of exit tests busy for good.
    @Test(.timeLimit(.minutes(1))) func aServerThatEndedLeavesNoZombie() async throws {
        try await withRedisServer { server in
            for _ in 0..<5 {
                let pid = try #require(server.pid)
                server.kill()
                #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
                try server.restart()
            }
        }
    }

    @Test func aMissingProgramNamesItsDebianPackage() {
        let error = LocalServerError.programMissing(program: "redis-server", package: "redis-server")
        #expect(error.description.contains("apt-get install redis-server"))
    }

    @Test func aFailedProgramTellsItsOutputAndStatus() throws {
        let error = try #require(throws: LocalServerError.self) {
            try Run.program("/bin/sh", ["-c", "echo broken >&2; exit 3"])
        }
        #expect(error == .programFailed(program: "/bin/sh", status: 3, output: "broken\n"))
    }

    @Test func aChildHasNoBlockedSignalsAndNoStrayDescriptors() throws {
        let text = try Run.program("/bin/sh", ["-c", "grep -E 'SigBlk|SigIgn' /proc/self/status; ls /proc/$$/fd"])
        #expect(text.contains("SigBlk:\t0000000000000000"), "\(text)")
        // Bits 32 and 33 are the C library's own; it ignores them in every child.
        #expect(text.contains("SigIgn:\t0000000180000000") || text.contains("SigIgn:\t0000000000000000"), "\(text)")
        #expect(text.hasSuffix("0\n1\n2\n"), "\(text)")
    }
}

/// Whether a Redis of this number is running; a zombie that nobody waits for has ended.
private func isServer(_ pid: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return text.contains("(redis-server)") && !text.contains(") Z ")
}

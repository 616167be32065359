import Glibc

/// A tiny shell that ends a server when this process dies in whatever way.
///
/// It waits on a pipe whose other end only we hold: the kernel closes that end when we die, also by SIGKILL.
/// `PR_SET_PDEATHSIG` would not do: it follows the thread that started the child, and Swift's threads come and go.
/// While we live, a server that ended stays a zombie until `release`, so that its number never means another process.
struct Watcher: Sendable {
    private let pid: pid_t
    private let line: Int32

    /// A word on the line means "let go"; the end of the line means that we died.
    private static let script = """
        read -r word && exit 0
        kill -"$2" "$1" 2>/dev/null || exit 0
        for turn in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || exit 0; sleep 0.2; done
        kill -KILL "$1" 2>/dev/null
        """

    init(watched: pid_t, endSignal: Int32) throws(LocalServerError) {
        let pipe = try Pipe()
        defer { close(pipe.reading) }
        var spawn = Spawn(program: "/bin/sh")
        spawn.arguments = ["-c", Self.script, "groundswell-watcher", String(watched), String(endSignal)]
        spawn.environment = ["PATH": "/usr/bin:/bin"]
        spawn.input = .descriptor(pipe.reading)
        spawn.newSession = true
        do {
            pid = try spawn.start()
        } catch {
            close(pipe.writing)
            throw error
        }
        line = pipe.writing
    }

    /// Ends the watcher without touching the server.
    func release() {
        let word: [UInt8] = Array("released\n".utf8)
        // A watcher that someone else ended must not end us by SIGPIPE.
        _ = send(line, word, word.count, Int32(MSG_NOSIGNAL))
        close(line)
        while waitpid(pid, nil, 0) < 0, errno == EINTR {}
    }
}

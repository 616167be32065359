package import Glibc

/// A child process to be started, with nothing inherited by accident.
///
/// Foundation's `Process`, when started from a Swift task, hands its own signal mask on, which blocks SIGTERM in the
/// child for good. Here the mask is empty, all signals have their default action, and no descriptor but 0, 1 and 2 is open.
package struct Spawn {
    /// Where a stream of the child comes from or goes to.
    package enum Stream {
        case null
        /// Appended to; made with mode 0600 when missing.
        case file(String)
        case descriptor(Int32)
    }

    package var program: String
    package var arguments: [String] = []
    package var environment: [String: String] = [:]
    package var folder = "/"
    package var input = Stream.null
    package var output = Stream.null
    /// Out of our session, so that Ctrl-C at the terminal does not reach the child.
    package var newSession = false

    package init(
        program: String, arguments: [String] = [], environment: [String: String] = [:], folder: String = "/"
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    package func start() throws(LocalServerError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        Self.add(input, as: 0, flags: O_RDONLY, to: &actions)
        Self.add(output, as: 1, flags: O_WRONLY | O_CREAT | O_APPEND, to: &actions)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        guard SpawnExtensions.isolate(&actions, folder: folder) else {
            throw .couldNotSpawn(program: program, reason: "the C library is older than glibc 2.34")
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let session = newSession ? SpawnExtensions.newSession : 0
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | session
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid = pid_t()
        let words = [program] + arguments
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let code = withCStrings(words) { words in
            withCStrings(variables) { variables in
                posix_spawn(&pid, program, &actions, &attributes, words, variables)
            }
        }
        guard code == 0 else { throw .couldNotSpawn(program: program, reason: reason(code)) }
        return pid
    }

    private static func add(
        _ stream: Stream, as descriptor: Int32, flags: Int32, to actions: inout posix_spawn_file_actions_t
    ) {
        switch stream {
        case .null: posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        case .file(let path): posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
        case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, descriptor)
        }
    }
}

/// Lends a NULL-terminated array of C strings.
private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}

import Glibc

/// Runs a program to its end and collects what it prints.
package enum Run {
    /// Runs `program` and returns what it wrote to standard output and error.
    ///
    /// Throws `programFailed` with that text when the program ends with another status than 0.
    @discardableResult
    package static func program(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], folder: String = "/"
    ) throws(LocalServerError) -> String {
        let pipe = try Pipe()
        defer { close(pipe.reading) }
        var spawn = Spawn(program: program, arguments: arguments, environment: environment, folder: folder)
        spawn.output = .descriptor(pipe.writing)
        let pid: pid_t
        do {
            pid = try spawn.start()
        } catch {
            close(pipe.writing)
            throw error
        }
        close(pipe.writing)
        let output = readToEnd(pipe.reading)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        // The low seven bits name the signal that ended the process; 0 is an ordinary exit.
        let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        guard code == 0 else { throw .programFailed(program: program, status: code, output: output) }
        return output
    }

    private static func readToEnd(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Two joined descriptors that no child inherits unless told so.
///
/// A socket pair, since `pipe2` is hidden from Swift, and a plain `pipe` would for a moment be open to any child that
/// another thread starts; such a child would hold the line after our death.
struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws(LocalServerError) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw .couldNotSpawn(program: "socketpair", reason: reason(errno))
        }
        reading = ends[0]
        writing = ends[1]
    }
}

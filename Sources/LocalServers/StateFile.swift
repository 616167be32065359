/// What a folder says about the server in it, for a later command to find.
struct StateFile: Equatable {
    var identity: ProcessIdentity
    var url: String

    private static func path(in folder: String) -> String { "\(folder)/server.state" }

    /// Mode 0600: the URL may hold a password.
    func write(in folder: String) throws(LocalServerError) {
        try TextFile.write("\(identity.pid) \(identity.started)\n\(url)\n", to: Self.path(in: folder))
    }

    /// The state of a server that is running now.
    static func ofRunningServer(in folder: String) -> StateFile? {
        guard let text = try? TextFile.read(path(in: folder)) else { return nil }
        let lines = text.split(separator: "\n")
        let numbers = (lines.first ?? "").split(separator: " ")
        guard lines.count == 2, numbers.count == 2, let pid = Int32(numbers[0]), let started = UInt64(numbers[1])
        else { return nil }
        let identity = ProcessIdentity(pid: pid, started: started)
        return identity.isRunning ? StateFile(identity: identity, url: String(lines[1])) : nil
    }
}

import Glibc

/// Finds installed programs.
enum Program {
    /// Where Debian keeps daemons; an ordinary user's PATH often lacks the `sbin` folders.
    private static let fallbackFolders = [
        "/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin",
    ]

    static var searchPath: [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return path.split(separator: ":").map(String.init) + fallbackFolders
    }

    /// The full path of a program, or an error that names its Debian package.
    static func path(of name: String, package: String) throws(LocalServerError) -> String {
        for folder in searchPath where isExecutable("\(folder)/\(name)") { return "\(folder)/\(name)" }
        throw .programMissing(program: name, package: package)
    }

    static func isExecutable(_ path: String) -> Bool {
        var facts = stat()
        return access(path, X_OK) == 0 && stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }
}

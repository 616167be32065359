internal import Domain

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// What the file system says about a path, links followed.
struct FileStatus {
    /// Names a file or folder whatever path leads to it.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    let isFolder: Bool
    let size: Int64
    let modified: Timestamp
    let identity: Identity

    init(path: String) throws(FeedError) {
        var info = stat()
        guard stat(path, &info) == 0 else { throw FeedError(code: errno, path: path) }
        isFolder = info.st_mode & S_IFMT == S_IFDIR
        size = Int64(info.st_size)
        let time = info.st_mtim
        modified = Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        identity = Identity(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
    }

    /// The names in a folder, sorted by their bytes.
    static func names(in folder: String) throws(FeedError) -> [String] {
        guard let handle = opendir(folder) else { throw FeedError(code: errno, path: folder) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The path from the root without links, which every worker that mounts the same folders can open.
    static func absolute(_ path: String) throws(FeedError) -> String {
        guard let resolved = realpath(path, nil) else { throw FeedError(code: errno, path: path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

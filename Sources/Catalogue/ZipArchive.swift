internal import Foundation

/// A zip archive as wheels are: stored or deflated files, read strictly.
///
/// The central directory counts; each local header must agree with it. Names that lead out of a folder, encryption,
/// several disks, zip64 and files that share bytes are errors.
struct ZipArchive {
    struct Entry: Equatable {
        var name: String
        var isDeflated: Bool
        var checksum: UInt32
        /// The bytes in the archive.
        var data: Range<Int>
        /// The size of the file itself.
        var size: Int
    }

    /// A wheel has tens of files.
    private static let entryLimit = 10_000

    let bytes: Data
    private(set) var entries: [Entry] = []

    init(bytes: Data) throws(CatalogueError) {
        self.bytes = bytes
        let end = try Self.end(of: bytes)
        let count = try number(end + 10, bytes: 2)
        let size = try number(end + 12, bytes: 4)
        let start = try number(end + 16, bytes: 4)
        guard try number(end + 4, bytes: 4) == 0, try number(end + 8, bytes: 2) == count else {
            throw .archive(reason: "it is cut into several disks")
        }
        guard count <= Self.entryLimit, start + size <= end else {
            throw .archive(reason: "its directory does not fit the file")
        }
        var place = start
        for _ in 0..<count { entries.append(try entry(&place, directory: start..<start + size)) }
        guard place == start + size else { throw .archive(reason: "its directory is longer than its files") }
        try checkApart()
    }

    /// The place of the record at the end, in front of a comment of any length.
    private static func end(of bytes: Data) throws(CatalogueError) -> Int {
        let tail = 22
        guard bytes.count >= tail else { throw .archive(reason: "it is no zip file") }
        for place in stride(from: bytes.count - tail, through: max(0, bytes.count - tail - 0xFFFF), by: -1)
        where bytes[place..<place + 4].elementsEqual([0x50, 0x4B, 5, 6])
            && Int(bytes[place + 20]) + Int(bytes[place + 21]) << 8 == bytes.count - place - tail
        {
            return place
        }
        throw .archive(reason: "it is no zip file")
    }

    /// Reads an entry of the directory and the local header it points to.
    private func entry(_ place: inout Int, directory: Range<Int>) throws(CatalogueError) -> Entry {
        let start = place
        guard try number(start, bytes: 4) == 0x0201_4B50 else { throw .archive(reason: "its directory is damaged") }
        let nameLength = try number(start + 28, bytes: 2)
        place = start + 46 + nameLength + (try number(start + 30, bytes: 2)) + (try number(start + 32, bytes: 2))
        guard place <= directory.upperBound else { throw .archive(reason: "its directory is damaged") }
        let name = try Self.checked(bytes[start + 46..<start + 46 + nameLength])

        let method = try number(start + 10, bytes: 2)
        guard try number(start + 8, bytes: 2) & 1 == 0 else { throw .archive(reason: "\(name) is encrypted") }
        guard method == 0 || method == 8 else { throw .archive(reason: "\(name) is packed by method \(method)") }
        let packed = try number(start + 20, bytes: 4)
        let size = try number(start + 24, bytes: 4)
        let local = try number(start + 42, bytes: 4)
        guard packed != 0xFFFF_FFFF, size != 0xFFFF_FFFF, local != 0xFFFF_FFFF else {
            throw .archive(reason: "\(name) needs zip64")
        }
        guard method == 8 || packed == size else { throw .archive(reason: "\(name) has two sizes") }

        guard try number(local, bytes: 4) == 0x0403_4B50, try number(local + 8, bytes: 2) == method,
            try number(local + 26, bytes: 2) == nameLength
        else { throw .archive(reason: "\(name) has no header of its own") }
        let nameStart = local + 30
        let data = nameStart + nameLength + (try number(local + 28, bytes: 2))
        guard data + packed <= directory.lowerBound,
            bytes[nameStart..<nameStart + nameLength].elementsEqual(name.utf8)
        else { throw .archive(reason: "\(name) has another header than the directory says") }
        return Entry(
            name: name, isDeflated: method == 8, checksum: UInt32(try number(start + 16, bytes: 4)),
            data: data..<data + packed, size: size)
    }

    /// A name that stays within the folder it is unpacked into.
    private static func checked(_ bytes: Data) throws(CatalogueError) -> String {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw .archive(reason: "a name in it is no UTF-8")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        // A folder's name ends in a slash.
        let isSafe = parts.enumerated().allSatisfy { index, part in
            part != ".." && part != "." && (!part.isEmpty || index == parts.count - 1 && index > 0)
        }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\\" && $0 != ":" && $0.value != 0x7F }
        guard isSafe, isPlain else { throw .archive(reason: "the name \(name.debugDescription) leads out of it") }
        return name
    }

    /// No two files with one name or with bytes in common, the trick of archives that unpack to petabytes.
    private func checkApart() throws(CatalogueError) {
        guard Set(entries.map(\.name)).count == entries.count else { throw .archive(reason: "a name comes twice") }
        var end = 0
        for entry in entries.sorted(by: { $0.data.lowerBound < $1.data.lowerBound }) where !entry.data.isEmpty {
            guard entry.data.lowerBound >= end else {
                throw .archive(reason: "\(entry.name) shares bytes with another")
            }
            end = entry.data.upperBound
        }
    }

    private func number(_ place: Int, bytes count: Int) throws(CatalogueError) -> Int {
        guard place >= 0, place + count <= bytes.count else { throw .archive(reason: "it ends too early") }
        return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}

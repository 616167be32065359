/// A source whose first bytes can be looked at before they are read.
final class PeekedBytes: ByteSource {
    var name: String { source.name }
    var damage: String? { source.damage }
    private let source: any ByteSource
    private var ahead: [UInt8] = []

    init(_ source: any ByteSource) { self.source = source }

    /// The first bytes, fewer than `count` only where the source ends, or has something and is quiet.
    func head(_ count: Int) throws(FeedError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        while ahead.count < count {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count - ahead.count)])
            let read: Int
            do throws(FeedError) {
                read = try source.read(into: target)
            } catch .quiet where !ahead.isEmpty {
                break
            }
            if read == 0 { break }
            ahead += buffer[..<read]
        }
        return ahead
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        guard !ahead.isEmpty else { return try source.read(into: target) }
        let count = min(target.count, ahead.count)
        target.copyBytes(from: ahead[..<count])
        ahead.removeFirst(count)
        return count
    }
}

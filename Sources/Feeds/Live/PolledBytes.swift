#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A pipe, socket or terminal, read without waiting: where nothing is there yet, `read` throws `FeedError.quiet`.
final class PolledBytes: ByteSource {
    let name: String
    let damage: String? = nil
    private let source: DescriptorBytes
    private let descriptor: Int32

    init(descriptor: Int32, name: String) {
        source = DescriptorBytes(descriptor: descriptor, name: name)
        self.descriptor = descriptor
        self.name = name
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // At its end, or broken, a descriptor is ready too: then reading tells.
        guard poll(&request, 1, 0) != 0 else { throw .quiet(path: name) }
        return try source.read(into: target)
    }
}

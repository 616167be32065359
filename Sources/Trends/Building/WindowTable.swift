import Domain

/// The coordinates of a window while it is being built; the language is a number of the builder's table.
struct WindowKey: Equatable {
    var start: Int64
    private var place: UInt64

    init(start: Int64, brand: UInt16, platform: Platform, language: Int) {
        self.start = start
        place = UInt64(language) << 24 | UInt64(platform.rawValue) << 16 | UInt64(brand)
    }

    var brand: UInt16 { UInt16(truncatingIfNeeded: place) }

    var platform: Platform { Platform(rawValue: UInt8(truncatingIfNeeded: place >> 16)) ?? .generic }

    var language: Int { Int(place >> 24) }

    var hash: UInt64 { SecretHash.hash(UInt64(bitPattern: start), place) }

    /// The window of a coarser grain that holds this one.
    func within(_ grain: Grain) -> WindowKey {
        var key = self
        key.start = grain.start(of: Timestamp(seconds: start))
        return key
    }
}

/// Numbers the windows of one grain in the order of first sight; each knows its window of the next coarser grain.
struct WindowTable: Sendable {
    private var numbers = Numbering<WindowKey>()
    private(set) var parents: [Int] = []

    var keys: [WindowKey] { numbers.keys }

    var count: Int { numbers.count }

    func number(of key: WindowKey) -> Int? { numbers.number(of: key, hash: key.hash) }

    mutating func add(_ key: WindowKey, parent: Int) -> Int {
        parents.append(parent)
        return numbers.add(key, hash: key.hash)
    }
}

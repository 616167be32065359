import Domain

/// Checks the coordinates of a row that came over the wire.
struct WireKey {
    let languages: [String]

    func language(_ index: UInt32) throws(PartialError) -> String {
        guard Int(index) < languages.count else {
            throw .invalid("language \(index) of \(languages.count)")
        }
        return languages[Int(index)]
    }

    func brand(_ number: UInt32) throws(PartialError) -> UInt16 {
        guard let brand = UInt16(exactly: number) else { throw .invalid("brand \(number)") }
        return brand
    }

    func platform(_ number: UInt32) throws(PartialError) -> Platform {
        guard let raw = UInt8(exactly: number), let platform = Platform(rawValue: raw) else {
            throw .invalid("platform \(number) is unknown")
        }
        return platform
    }

    func grain(_ number: UInt32) throws(PartialError) -> Grain {
        guard let raw = UInt8(exactly: number), let grain = Grain(rawValue: raw) else {
            throw .invalid("grain \(number) is unknown")
        }
        return grain
    }

    func kind(_ number: UInt32) throws(PartialError) -> TermKind {
        guard let raw = UInt8(exactly: number), let kind = TermKind(rawValue: raw) else {
            throw .invalid("kind of term \(number) is unknown")
        }
        return kind
    }

    func start(_ start: Int64, _ grain: Grain) throws(PartialError) -> Int64 {
        guard start % grain.seconds == 0 else { throw .invalid("\(start) does not start a window of a \(grain.name)") }
        return start
    }
}

/// Where a row stands among the others of its message: compared number by number.
struct WireOrder: Comparable {
    let upper: UInt64
    let lower: UInt64
    let start: Int64

    static func < (left: Self, right: Self) -> Bool {
        if left.upper != right.upper { return left.upper < right.upper }
        return left.lower != right.lower ? left.lower < right.lower : left.start < right.start
    }
}

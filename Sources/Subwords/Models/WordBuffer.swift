/// One word in its normalised form, with the place in the text that each byte came from.
struct WordBuffer {
    /// Bytes of a word beyond this many characters are not kept: to the model it is unknown whatever they are.
    let characterLimit: Int

    private(set) var bytes: [UInt8] = []
    /// Where the character begins that a byte came from.
    private(set) var origins: [Int] = []
    private(set) var characters = 0
    /// Where the first and the last character of the word begin.
    private(set) var first = 0
    private(set) var last = 0
    /// The combining marks behind the last other character, whose order is still open.
    private var marks: [(combiningClass: UInt8, byte: Int)] = []

    init(characterLimit: Int) {
        self.characterLimit = characterLimit
        bytes.reserveCapacity(256)
        origins.reserveCapacity(256)
    }

    var isEmpty: Bool { characters == 0 }
    var isTooLong: Bool { characters > characterLimit }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        characters = 0
        endMarks()
    }

    /// A character that keeps its place ends the marks before it.
    @inline(__always)
    mutating func endMarks() {
        if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    }

    @inline(__always)
    mutating func append(ascii byte: UInt8, from origin: Int) {
        endMarks()
        count(from: origin)
        guard !isTooLong else { return }
        bytes.append(byte)
        origins.append(origin)
    }

    /// Appends a part of the text or of a table that holds whole characters.
    @inline(__always)
    mutating func append(_ form: Span<UInt8>, from origin: Int) {
        endMarks()
        for index in form.indices {
            let byte = form[index]
            if byte & 0xC0 != 0x80 { count(from: origin) }
            guard !isTooLong else { continue }
            bytes.append(byte)
            origins.append(origin)
        }
    }

    /// Puts a combining mark where Unicode's canonical order has it: behind all marks of its class or a lower one.
    mutating func insert(_ mark: Unicode.Scalar, combiningClass: UInt8, from origin: Int) {
        count(from: origin)
        guard !isTooLong else { return }
        var index = marks.count
        while index > 0, marks[index - 1].combiningClass > combiningClass { index -= 1 }
        let byte = index < marks.count ? marks[index].byte : bytes.count
        let form = Array(UTF8.encode(mark)!)
        bytes.insert(contentsOf: form, at: byte)
        origins.insert(contentsOf: form.map { _ in origin }, at: byte)
        for later in index..<marks.count { marks[later].byte += form.count }
        marks.insert((combiningClass, byte), at: index)
    }

    @inline(__always)
    private mutating func count(from origin: Int) {
        if characters == 0 { first = origin }
        last = origin
        characters += 1
    }
}

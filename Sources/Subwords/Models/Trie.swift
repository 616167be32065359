/// A set of byte strings with a number each, walked byte by byte: a double-array trie.
///
/// A step costs two loads, whatever the size of the set. A node's children lie at `base + byte`; a cell belongs to the
/// node that its `parent` names.
///
/// Source: J. Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure", 1989.
struct Trie: Sendable {
    private struct Cell {
        /// Where the children lie.
        var base: Int32 = 0
        /// The cell above; `free` in a cell that no string uses.
        var parent: Int32 = Trie.free
        /// The number of the string that ends here; -1 for none.
        var value: Int32 = -1
    }

    private static let free: Int32 = -1
    static let root: Int32 = 0

    private var cells: [Cell]

    /// A later string replaces an equal one; an empty one is left out, as it matches nothing.
    init(_ strings: some Sequence<(bytes: [UInt8], value: Int32)>) {
        var sorted: [(bytes: [UInt8], value: Int32)] = strings.filter { !$0.bytes.isEmpty }
        // A stable order, so that the later of two equal strings is the later one here.
        sorted.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        cells = [Cell](repeating: Cell(), count: 1024)
        cells[0].parent = -2
        place(sorted)
    }

    /// The cell one byte further; `nil` when no string goes on so.
    @inline(__always)
    func step(_ node: Int32, _ byte: UInt8) -> Int32? {
        let next = Int(cells[Int(node)].base) &+ Int(byte)
        return cells[next].parent == node ? Int32(truncatingIfNeeded: next) : nil
    }

    /// The number of the string that ends at a cell; negative for none.
    @inline(__always)
    func value(_ node: Int32) -> Int32 { cells[Int(node)].value }

    /// The number of one whole string.
    func value(of bytes: some Sequence<UInt8>) -> Int32? {
        var node = Self.root
        for byte in bytes {
            guard let next = step(node, byte) else { return nil }
            node = next
        }
        let value = value(node)
        return value >= 0 ? value : nil
    }

    /// Places the children of every node, nodes in the order of the strings.
    private mutating func place(_ strings: [(bytes: [UInt8], value: Int32)]) {
        var open: [(node: Int32, range: Range<Int>, depth: Int)] = [(Self.root, 0..<strings.count, 0)]
        var firstFree = 1
        while let (node, range, depth) = open.popLast() {
            var children: [(byte: UInt8, range: Range<Int>)] = []
            for index in range {
                let bytes = strings[index].bytes
                guard bytes.count > depth else {
                    cells[Int(node)].value = strings[index].value
                    continue
                }
                if children.last?.byte == bytes[depth] {
                    children[children.count - 1].range = children[children.count - 1].range.lowerBound..<index + 1
                } else {
                    children.append((bytes[depth], index..<index + 1))
                }
            }
            guard !children.isEmpty else { continue }
            let base = findBase(children.map(\.byte), &firstFree)
            cells[Int(node)].base = Int32(base)
            for child in children { cells[base + Int(child.byte)].parent = node }
            for child in children.reversed() {
                open.append((Int32(base + Int(child.byte)), child.range, depth + 1))
            }
        }
    }

    /// A base under which the cells of all bytes are free.
    private mutating func findBase(_ bytes: [UInt8], _ firstFree: inout Int) -> Int {
        while cells[firstFree].parent != Self.free {
            firstFree += 1
            grow(firstFree + 256)
        }
        var tries = 0
        var base = max(1, firstFree - Int(bytes[0]))
        while true {
            grow(base + 256)
            if bytes.allSatisfy({ cells[base + Int($0)].parent == Self.free }) { break }
            base += 1
            tries += 1
        }
        // Behind a long search lies a crowded stretch: leave its last holes alone.
        if tries > 1024 { firstFree = base + Int(bytes[0]) }
        return base
    }

    private mutating func grow(_ count: Int) {
        guard cells.count <= count else { return }
        cells += [Cell](repeating: Cell(), count: max(cells.count, count - cells.count + 1))
    }
}

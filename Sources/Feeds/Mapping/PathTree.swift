/// Finds the values at several paths of a JSON object in one walk over its text.
struct PathTree {
    private struct Draft {
        var names: [String] = []
        /// The draft behind each name.
        var children: [Int] = []
        var slots: [Int] = []
    }

    private final class Node {
        let keys: KeyTable
        /// The node behind each key.
        let children: [Node]
        /// Slots that take the value found here.
        let slots: [Int]

        init(_ drafts: [Draft], _ index: Int) {
            keys = KeyTable(drafts[index].names)
            children = drafts[index].children.map { Node(drafts, $0) }
            slots = drafts[index].slots
        }
    }

    private let root: Node

    /// A tree for paths such as `user.name`, by slot; a key that is spelled like a whole path counts too, since flat
    /// exports write `"user.name": …`.
    init(_ paths: [String?]) {
        var drafts = [Draft()]
        for (slot, path) in paths.enumerated() {
            guard let path else { continue }
            let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            var node = 0
            for part in parts { node = Self.child(of: node, named: part, in: &drafts) }
            drafts[node].slots.append(slot)
            if parts.count > 1 { drafts[Self.child(of: 0, named: path, in: &drafts)].slots.append(slot) }
        }
        root = Node(drafts, 0)
    }

    private static func child(of node: Int, named name: String, in drafts: inout [Draft]) -> Int {
        if let index = drafts[node].names.firstIndex(of: name) { return drafts[node].children[index] }
        drafts.append(Draft())
        drafts[node].names.append(name)
        drafts[node].children.append(drafts.count - 1)
        return drafts.count - 1
    }

    /// Walks over the object that comes next and writes the values found to their slots.
    func collect(from scanner: inout JSONScanner, into slots: inout [RawValue]) throws(RecordFault) {
        try walk(root, depth: 1, &scanner, &slots)
    }

    private func walk(
        _ node: Node, depth: Int, _ scanner: inout JSONScanner, _ slots: inout [RawValue]
    ) throws(RecordFault) {
        try scanner.open(0x7B)
        var isFirst = true
        while let key = try scanner.key(isFirst: &isFirst) {
            guard let index = try node.keys.find(key) else {
                try scanner.skip(depth: depth)
                continue
            }
            let child = node.children[index]
            if !child.children.isEmpty, scanner.peek() == 0x7B {
                try walk(child, depth: depth + 1, &scanner, &slots)
            } else {
                let value = try scanner.value(depth: depth)
                for slot in child.slots { slots[slot] = value }
            }
        }
    }
}

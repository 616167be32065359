import Yams

extension Monitor {
    /// The monitor with each brand's head replaced by what `replacement` makes of it; the same where no brand has one.
    ///
    /// So a head can travel with a job: every worker, and every later count of the job, has the one that was meant.
    package func replacingHeads(fileName: String, _ replacement: (_ head: String) throws -> String) throws -> Monitor {
        guard brands.contains(where: { $0.head != nil }), var root = try Yams.compose(yaml: yaml),
            var list = root["brands"]
        else { return self }
        for (index, brand) in brands.enumerated() {
            guard let head = brand.head, var item = list[index] else { continue }
            item["head"] = Node(try replacement(head))
            list[index] = item
        }
        root["brands"] = list
        return try Monitor(
            yaml: try Yams.serialize(node: root, width: -1, allowUnicode: true), fileName: fileName)
    }
}

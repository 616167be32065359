internal import Domain

/// A mapping made ready for one source: which target comes from where.
struct MappingPlan {
    /// By slot of the target; `nil` for targets that nothing fills.
    private(set) var paths: [String?]
    /// By slot: what replaces which text.
    let values: [[String: String]?]
    let platform: Platform?
    /// The id is made of the source's name and the record's offset.
    let numbersRecords: Bool
    /// The mapping names a field for it, so a record without that field is broken.
    private let named: Set<MappingTarget>

    /// The mapping of JSON, or of CSV with these columns.
    init(_ mapping: SourceMapping, columns: [String]? = nil) throws(FeedError) {
        try mapping.validate()
        let isBare = mapping.fields.isEmpty && mapping.values.isEmpty
        var paths: [String?] = []
        var named: Set<MappingTarget> = []
        for target in MappingTarget.allCases {
            let name = target.name
            if let path = mapping.fields[name] {
                named.insert(target)
                paths.append(path == "$line" ? nil : path)
            } else {
                paths.append(target.isImplied || isBare || mapping.values[name] != nil ? name : nil)
            }
        }
        if let columns { try Self.keepColumns(columns, in: &paths, named: named) }
        self.paths = paths
        self.named = named
        platform = mapping.platform
        numbersRecords = mapping.fields[MappingTarget.id.name] == "$line"
        values = MappingTarget.allCases.map { mapping.values[$0.name] }
    }

    /// Whether a mapping changes anything: without one, JSON Lines follow the post schema.
    static func isNeeded(_ mapping: SourceMapping?) -> Bool {
        guard let mapping else { return false }
        return !mapping.fields.isEmpty || !mapping.values.isEmpty
    }

    func requires(_ target: MappingTarget) -> Bool { named.contains(target) }

    func path(of target: MappingTarget) -> String { paths[target.rawValue] ?? target.name }

    /// Drops implied paths without a column; a named one without a column is an error.
    private static func keepColumns(
        _ columns: [String], in paths: inout [String?], named: Set<MappingTarget>
    ) throws(FeedError) {
        for target in MappingTarget.allCases {
            guard let path = paths[target.rawValue], !columns.contains(path) else { continue }
            if named.contains(target) {
                let hint = nearest(to: path, among: columns).map { "did you mean '\($0)'?" }
                let known = hint ?? "the header has \(columns.joined(separator: ", "))"
                throw .mapping("'\(target.name)': the source has no column '\(path)'; \(known)")
            }
            paths[target.rawValue] = nil
        }
        for target in [MappingTarget.createdAt, .text] where paths[target.rawValue] == nil {
            if target == .text, paths[MappingTarget.title.rawValue] != nil { continue }
            throw .mapping(
                "no column for '\(target.name)': name it under 'fields' "
                    + "(the header has \(columns.joined(separator: ", ")))")
        }
    }
}

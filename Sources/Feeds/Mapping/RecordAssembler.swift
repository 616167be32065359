internal import Domain

/// Makes a post of the values that a mapping found in a record, be it JSON or CSV.
struct RecordAssembler {
    private let plan: MappingPlan
    private let latest: Timestamp
    private let sourceName: String

    init(plan: MappingPlan, latest: Timestamp, sourceName: String) {
        self.plan = plan
        self.latest = latest
        self.sourceName = sourceName
    }

    /// - Parameter slots: by raw value of `MappingTarget`.
    func post(_ slots: [RawValue], offset: Int64) throws(RecordFault) -> Post {
        let values = MappedValues(plan: plan, slots: slots)
        guard let claim = try values.moment(.createdAt) else { throw missing(.createdAt) }
        if slots[MappingTarget.text.rawValue].kind == .absent, slots[MappingTarget.title.rawValue].kind == .absent {
            throw missing(.text)
        }
        let platform = try platform(values)
        let observed = try values.moment(.observedAt)
        let text = Post.analysed(try values.text(.text) ?? "")
        let repostOf = try values.text(.repostOf)
        return Post(
            platform: platform, id: try id(values, offset: offset),
            kind: try kind(values, isRepost: repostOf != nil || TermExtractor.isRepost(text)),
            createdAt: try Post.creation(claim, observed: observed, latest: latest), observedAt: observed, text: text,
            title: try values.text(.title), language: Folding.language(try values.text(.language) ?? ""),
            url: try values.text(.url), author: try author(values), repostOf: repostOf,
            hashtags: Post.hashtags(try values.list(.hashtags), in: text),
            mentions: Post.mentions(try handles(values), in: text, platform: platform),
            urls: try values.list(.urls) ?? [], counts: try counts(values))
    }

    private func missing(_ target: MappingTarget) -> RecordFault {
        let path = plan.path(of: target)
        let source = path == target.name ? "" : " (from '\(path)')"
        return RecordFault("'\(target.name)'\(source) is missing")
    }

    private func id(_ values: MappedValues, offset: Int64) throws(RecordFault) -> String {
        if !plan.numbersRecords, let id = try values.text(.id), !id.isEmpty { return id }
        guard plan.numbersRecords || !plan.requires(.id) else { throw missing(.id) }
        return "\(sourceName)#\(offset)"
    }

    private func platform(_ values: MappedValues) throws(RecordFault) -> Platform {
        guard let name = try values.text(.platform), !name.isEmpty else { return plan.platform ?? .generic }
        let folded = name.lowercased()
        guard let platform = Platform(name: folded == "twitter" ? "x" : folded) else {
            throw RecordFault("'platform' is unknown: \(name); replace it under 'values'")
        }
        return platform
    }

    private func author(_ values: MappedValues) throws(RecordFault) -> Post.Author {
        let handle = try values.text(.authorHandle).map(Self.withoutAt)
        return Post.Author(
            id: try values.text(.authorID) ?? handle ?? "", handle: handle, name: try values.text(.authorName),
            followers: try values.count(.authorFollowers), verified: try values.bool(.authorVerified))
    }

    private func kind(_ values: MappedValues, isRepost: Bool) throws(RecordFault) -> Post.Kind {
        guard let name = try values.text(.kind), !name.isEmpty else { return isRepost ? .repost : .post }
        guard let kind = Post.Kind(name: name) ?? Post.Kind(name: name.lowercased()) else {
            throw RecordFault("'kind' is unknown: \(name); replace it under 'values'")
        }
        return kind
    }

    private func counts(_ values: MappedValues) throws(RecordFault) -> Post.Counts {
        var counts = Post.Counts()
        counts.likes = try values.count(.likes)
        counts.replies = try values.count(.replies)
        counts.reposts = try values.count(.reposts)
        counts.quotes = try values.count(.quotes)
        counts.views = try values.count(.views)
        counts.bookmarks = try values.count(.bookmarks)
        counts.score = try values.integer(.score)
        return counts
    }

    private func handles(_ values: MappedValues) throws(RecordFault) -> [String]? {
        guard let listed = try values.list(.mentions) else { return nil }
        var handles: [String] = []
        for handle in listed { TermExtractor.append(Self.withoutAt(handle), to: &handles) }
        return handles
    }

    private static func withoutAt(_ handle: String) -> String {
        handle.utf8.first == 0x40 ? String(handle.dropFirst()) : handle
    }
}

import Domain

/// What posts of a platform look like: their ids, kinds and counts.
struct PlatformStyle {
    let platform: Platform
    let name: StaticString

    init(_ platform: Platform) {
        self.platform = platform
        name =
            switch platform {
            case .generic: "generic"
            case .x: "x"
            case .bluesky: "bluesky"
            case .mastodon: "mastodon"
            case .reddit: "reddit"
            case .youtube: "youtube"
            case .instagram: "instagram"
            case .facebook: "facebook"
            }
    }

    var hasReposts: Bool { platform != .reddit && platform != .youtube }
    var hasHandles: Bool { hasReposts }
    var replyKind: StaticString { hasReposts ? "reply" : "comment" }
    var hasMilliseconds: Bool { platform == .bluesky || platform == .mastodon }

    /// Milliseconds of 2010-11-04, from which X numbers its posts.
    private static let snowflakeEpoch: Int64 = 1_288_834_974_657

    /// An id in the platform's form, different for each post: the sequence number is in it.
    func writeID(milliseconds: Int64, sequence: Int, author: Author, into writer: inout LineWriter) {
        switch platform {
        case .x:
            let time = UInt64(max(milliseconds - Self.snowflakeEpoch, 0))
            writer.append(number: time << 22 | UInt64(sequence & 0x3f_ffff))
        case .bluesky:
            writer.append("at://")
            writeAuthorID(author, into: &writer)
            writer.append("/app.bsky.feed.post/3")
            // As a TID: time first. Twelve digits hold sixty bits, enough until the year 2109.
            writer.append(base32: UInt64(milliseconds) << 18 | UInt64(sequence & 0x3_ffff), digits: 12)
        case .mastodon:
            writer.append("social.example/")
            writer.append(number: UInt64(milliseconds) << 16 | UInt64(sequence & 0xffff))
        case .reddit:
            writer.append("t1_")
            writer.append(number: 78_364_164_096 + UInt64(sequence), base: 36)
        default:
            writer.append(number: 1_000_000_000 + UInt64(sequence))
        }
    }

    func writeAuthorID(_ author: Author, into writer: inout LineWriter) {
        switch platform {
        case .bluesky:
            writer.append("did:plc:")
            // Different ranks stay different under `mix`.
            writer.append(base32: Seeded.mix(UInt64(author.rank)), digits: 13)
            writer.append(base32: author.look, digits: 11)
        case .mastodon:
            writer.append("https://social.example/@")
            writer.append(handleOf: author)
        case .reddit:
            writer.append("t2_")
            writer.append(number: 60_466_176 + UInt64(author.rank), base: 36)
        default:
            writer.append(number: 7_000_000_000 + UInt64(author.rank) * 7_919)
        }
    }
}

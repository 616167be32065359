/// Where a post was published.
///
/// The raw value is stored in PostgreSQL and never reused.
package enum Platform: UInt8, CaseIterable, Sendable, Hashable {
    case generic = 0
    case x = 1
    case bluesky = 2
    case mastodon = 3
    case reddit = 4
    case youtube = 5
    case instagram = 6
    case facebook = 7

    package var name: String { String(describing: self) }

    package init?(name: some StringProtocol) {
        switch name {
        case "generic": self = .generic
        case "x": self = .x
        case "bluesky": self = .bluesky
        case "mastodon": self = .mastodon
        case "reddit": self = .reddit
        case "youtube": self = .youtube
        case "instagram": self = .instagram
        case "facebook": self = .facebook
        default: return nil
        }
    }
}

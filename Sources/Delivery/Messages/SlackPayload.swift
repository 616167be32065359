internal import Anomalies
internal import Foundation

/// A message as incoming webhooks of Slack take it.
///
/// `blocks` are for Slack; Mattermost and Rocket.Chat read `text`, which says the same.
struct SlackPayload: Encodable {
    struct Text: Encodable {
        let type: String
        let text: String
    }

    struct Block: Encodable {
        let type: String
        let text: Text
    }

    let text: String
    let blocks: [Block]
    // Links of strangers are shown as they are, not fetched and unfolded.
    let unfurlLinks = false
    let unfurlMedia = false

    private enum CodingKeys: String, CodingKey {
        case text, blocks
        case unfurlLinks = "unfurl_links"
        case unfurlMedia = "unfurl_media"
    }

    /// Slack's bounds for a heading and a section, in characters.
    private static let longestHeading = 150
    private static let longestSection = 3000

    init(_ message: AlertMessage) {
        let words = AlertWords(message) { HostileText.slack($0, most: $1) }
        let sections = [
            words.facts, words.drivers.isEmpty ? [] : ["What drove it:"] + words.drivers.map { "• \($0)" },
            words.examples.map { "> \($0)" },
        ].filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
        text = (["*\(words.title)*"] + sections).joined(separator: "\n")
        // A heading is plain text: nothing in it is markup, so nothing is escaped.
        let heading = AlertWords(message) { HostileText.line($0, most: $1) }.title
        blocks =
            [Block(type: "header", text: Text(type: "plain_text", text: heading.cut(Self.longestHeading)))]
            + sections.map { Block(type: "section", text: Text(type: "mrkdwn", text: $0.cut(Self.longestSection))) }
    }

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self))
    }
}

extension String {
    /// At most so many UTF-16 units, which is what Slack's bounds count at worst.
    fileprivate func cut(_ most: Int) -> String {
        guard utf16.count > most else { return self }
        var result = ""
        for character in self {
            guard result.utf16.count + character.utf16.count < most else { break }
            result.append(character)
        }
        return result + "…"
    }
}

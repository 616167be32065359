package import Web

/// A receiver of messages, as the channels file names it.
package struct Channel: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case webhook(Webhook)
        /// An incoming webhook of Slack, or of what understands the same: Mattermost, Rocket.Chat.
        case slack(url: String)
        case mail(Mailbox)
    }

    /// A program that takes signed JSON.
    package struct Webhook: Equatable, Sendable {
        package var url: String
        /// Signs the body.
        package var secret: String
        /// Name and value, for receivers that want a token.
        package var headers: [String: String] = [:]
    }

    /// People who get mail.
    package struct Mailbox: Equatable, Sendable {
        package var server: SMTPClient.Server
        package var from: MailAddress
        package var to: [MailAddress]
    }

    package var name: String
    package var kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// No log, dump or error may tell what a channel's secrets are.
extension Channel: CustomStringConvertible, CustomReflectable {
    package var description: String { "channel '\(name)'" }
    package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

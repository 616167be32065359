/// What one element of a term looks for in one token: the bytes, and in which role.
struct Symbol: Hashable {
    let text: String
    let role: Role

    /// A role is the seed of the hash, so that `#air`, `air` and `air*` never meet.
    struct Role: Hashable {
        let rawValue: UInt8

        static let word = Role(rawValue: 1)

        static func tag(_ sigil: Sigil) -> Role { Role(rawValue: sigil.rawValue) }

        /// The role of beginnings of tokens in this role.
        var prefix: Role { Role(rawValue: rawValue | 0x80) }
    }

    init(_ element: Query.Element) {
        text = element.text
        let role = element.sigil.map { Role.tag($0) } ?? .word
        self.role = element.isPrefix ? role.prefix : role
    }
}

/// The language that a text is in.
package enum TextLanguage: Equatable, Hashable, Sendable {
    /// A BCP 47 primary tag in lower case.
    case known(String)
    /// There are words, but too few or too mixed to say.
    case unknown
    /// Nothing but emoji, links, handles, hashtags, numbers: the same in every language.
    case wordless
}

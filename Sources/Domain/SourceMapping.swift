/// How the records of a foreign source become posts: the `source` part of a monitor file.
///
/// It only says what the file says; `Feeds` knows the targets and judges whether the mapping makes sense.
package struct SourceMapping: Equatable, Sendable {
    /// The format that the source has whatever its name and first bytes say.
    package var format: SourceDescription.Format?
    /// The platform of a record that names none.
    package var platform: Platform?
    /// From a target (`author.id`) to the path of its value in the source (`user.id_str`, or `$line`).
    package var fields: [String: String]
    /// From a target to the values that are replaced (`lang`: `English` becomes `en`).
    package var values: [String: [String: String]]

    package init(
        format: SourceDescription.Format? = nil,
        platform: Platform? = nil,
        fields: [String: String] = [:],
        values: [String: [String: String]] = [:]
    ) {
        self.format = format
        self.platform = platform
        self.fields = fields
        self.values = values
    }
}

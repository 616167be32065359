package import Domain
internal import Readings

extension JobContext {
    /// What this job says of texts of one brand, as it would if it counted them.
    ///
    /// - Parameter brand: its index in the monitor; without one, what the general model says.
    package func readings(of texts: [TextOfBrand], brand: Int?) -> [Reading] {
        guard let reader else { return texts.map { _ in .unsupported } }
        let posts = texts.map { text in
            Post(
                id: "", createdAt: Timestamp(seconds: 0), text: text.text, language: text.language,
                author: Post.Author(id: ""))
        }
        let readings = reader.read(posts.map { TextReader.Input($0.text, declared: $0.language) })
        guard let heads, let brand else { return readings }
        var matches = BrandMatches()
        for _ in posts { matches.append([UInt16(brand)]) }
        let own = heads.readings(posts, matches, readings)
        return readings.indices.map { own[$0, UInt16(brand)] ?? readings[$0] }
    }
}

/// A text that is known to be about a brand.
package struct TextOfBrand: Equatable, Sendable {
    package var text: String
    /// As the post declares it; empty when unknown.
    package var language: String

    package init(_ text: String, language: String = "") {
        self.text = text
        self.language = language
    }
}

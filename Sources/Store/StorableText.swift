internal import Postgres
internal import Trends

/// What PostgreSQL accepts in a key: no U+0000, and short enough for an index entry.
enum StorableText {
    /// An index entry may take a third of a page, 2,704 bytes; two texts and the numbers must fit.
    static let limit = 1000

    static func isStorable(_ text: String) -> Bool { text.utf8.count <= limit && !text.utf8.contains(0) }

    static func storable(_ text: String) -> String {
        var text = PostgresText.storable(text)
        while text.utf8.count > limit { text.unicodeScalars.removeLast() }
        return text
    }
}

extension Partial {
    /// Mends keys that PostgreSQL would refuse, since one such key would fail its whole batch again and again.
    ///
    /// Feeds and trends bound their texts, so this finds nothing unless a partial comes from elsewhere.
    mutating func makeStorable() {
        for (key, measures) in rollups where !StorableText.isStorable(key.language) {
            rollups[key] = nil
            var mended = Partial()
            var mendedKey = key
            mendedKey.language = StorableText.storable(key.language)
            mended.rollups[mendedKey] = measures
            merge(mended)
        }
        for (key, count) in terms where !StorableText.isStorable(key.term) || !StorableText.isStorable(key.language) {
            terms[key] = nil
            var mended = Partial()
            var mendedKey = key
            mendedKey.term = StorableText.storable(key.term)
            mendedKey.language = StorableText.storable(key.language)
            mended.terms[mendedKey] = count
            merge(mended)
        }
        for (key, sample) in examples {
            let isFine = StorableText.isStorable(key.language) && sample.allSatisfy { StorableText.isStorable($0.id) }
            guard !isFine else { continue }
            examples[key] = nil
            var mended = Partial()
            var mendedKey = key
            mendedKey.language = StorableText.storable(key.language)
            mended.examples[mendedKey] = sample.map { example in
                var example = example
                example.id = StorableText.storable(example.id)
                return example
            }
            merge(mended)
        }
    }
}

package import Domain
internal import Languages
package import Text

/// Reads posts: finds their language, and lets the model read them that is right for it and worth its cost.
///
/// A value that any number of threads may use. A post's reading depends on its text and declared language alone, not on
/// the posts beside it and not on what was read before.
package struct TextReader: Sendable {
    /// A text with the language that its post declares, which may be empty.
    package struct Input: Sendable {
        package var text: String
        package var declared: String

        package init(_ text: String, declared: String = "") {
            self.text = text
            self.declared = declared
        }
    }

    /// The deep model and how far it is asked.
    package struct Deep: Sendable {
        package enum Share: Sendable {
            /// What the fast model is unsure of.
            case unsure
            case all
        }

        package var model: any DeepTexts
        package var share: Share
        package var settings: ReadingSettings
        package var cache: ReadingCache

        package init(model: any DeepTexts, share: Share, settings: ReadingSettings, cache: ReadingCache) {
            self.model = model
            self.share = share
            self.settings = settings
            self.cache = cache
        }
    }

    /// Changes when a reading may change.
    package let version: String
    /// Reads English.
    let fast: SentimentModel
    /// Reads the languages that it names.
    let multilingual: SentimentModel?
    let deep: Deep?

    package init(fast: SentimentModel, multilingual: SentimentModel? = nil, deep: Deep? = nil) {
        self.fast = fast
        self.multilingual = multilingual
        self.deep = deep
        var parts = [fast.version]
        if let multilingual { parts.append(multilingual.version) }
        if let deep {
            parts.append(deep.model.version)
            if deep.share == .unsure { parts.append("below \(deep.settings.cascadeBelow)") }
            parts.append("ironic from \(deep.settings.irony.from)")
        }
        version = parts.joined(separator: " + ")
    }

    package func read(_ inputs: [Input]) -> [Reading] {
        read(inputs) { model, texts, _ in model.score(texts.map { inputs[$0].text }) }
    }

    /// - Parameter score: scores the texts of these places with a fast model; one is unsure whose class is less probable
    ///   than the last argument, since the deep model then reads it.
    func read(_ inputs: [Input], score: (SentimentModel, [Int], Int64) -> [Sentiment]) -> [Reading] {
        var readings = [Reading](repeating: .unsupported, count: inputs.count)
        let texts = byLanguage(inputs)
        var english = texts.english
        func note(_ places: [Int], _ sentiments: [Sentiment]) {
            for (place, sentiment) in zip(places, sentiments) { readings[place] = .fast(sentiment) }
        }
        if let multilingual, !texts.others.isEmpty { note(texts.others, score(multilingual, texts.others, 0)) }
        if deep?.share != .all, !english.isEmpty {
            note(english, score(fast, english, deep?.settings.cascadeBelow ?? 0))
        }
        guard let deep else { return readings }
        if deep.share == .unsure {
            english.removeAll { readings[$0].sentiment?.isUnsure(below: deep.settings.cascadeBelow) == false }
        }
        for (index, reading) in zip(english, deep.read(english.map { inputs[$0].text })) {
            readings[index] = .deep(reading)
        }
        return readings
    }

    /// Which of the texts the English models read, and which the multilingual one.
    func byLanguage(_ inputs: [Input]) -> (english: [Int], others: [Int]) {
        var (english, others): ([Int], [Int]) = ([], [])
        for (index, input) in inputs.enumerated() {
            switch PostLanguage.language(of: input.text, declared: input.declared) {
            // What has no words is the same in every language: its emoji are read.
            case .known("en"), .wordless: english.append(index)
            case .known(let tag) where multilingual?.languages.contains(tag) == true: others.append(index)
            case .known, .unknown: break
            }
        }
        return (english, others)
    }
}

extension TextReader.Deep {
    /// The readings of texts, each different text read once, those known from the cache not at all.
    fileprivate func read(_ texts: [String]) -> [DeepReading] {
        guard !texts.isEmpty else { return [] }
        let keys = texts.map(model.tokens)
        var found: [[Int32]: DeepReading] = [:]
        var missing: [(key: [Int32], text: String)] = []
        var seen: Set<[Int32]> = []
        for (key, text) in zip(keys, texts) where seen.insert(key).inserted {
            found[key] = cache.reading(of: key)
            if found[key] == nil { missing.append((key, text)) }
        }
        for ((key, _), reading) in zip(missing, model.readings(of: missing.map(\.text))) {
            var reading = reading
            (reading.sentiment, reading.isDoubtful) = settings.irony.apply(
                to: reading.sentiment, irony: reading.irony.probability)
            cache.keep(reading, of: key)
            found[key] = reading
        }
        cache.count(hits: texts.count - missing.count, misses: missing.count)
        return keys.compactMap { found[$0] }
    }
}

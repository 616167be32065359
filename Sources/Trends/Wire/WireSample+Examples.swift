import Domain

extension WireSample {
    init(_ key: ExampleKey, _ sample: [Example], language place: UInt32) {
        self.init()
        start = key.start
        brand = UInt32(key.brand)
        platform = UInt32(key.platform.rawValue)
        language = place
        examples = sample.map(WireExample.init)
    }

    func key(_ keys: WireKey) throws(PartialError) -> ExampleKey {
        ExampleKey(
            start: try keys.start(start, .day), brand: try keys.brand(brand), platform: try keys.platform(platform),
            language: try keys.language(language))
    }

    func sample() throws(PartialError) -> [Example] {
        guard examples.count <= Example.sampleSize else {
            throw .invalid("a sample of \(examples.count) examples")
        }
        var sample: [Example] = []
        for wire in examples {
            let example = try wire.example()
            if let last = sample.last, last.rank(against: example.hash, example.id) >= 0 {
                throw .invalid("a sample that does not ascend")
            }
            sample.append(example)
        }
        return sample
    }
}

extension WireExample {
    init(_ example: Example) {
        self.init()
        hash = example.hash
        id = example.id
        createdAt = example.createdAt.milliseconds
        author = example.author
        text = example.text
        if let address = example.url { url = address }
        if let sentiment = example.sentiment {
            negative = UInt32(clamping: sentiment.negative)
            positive = UInt32(clamping: sentiment.positive)
            label = UInt32(sentiment.label.rawValue)
        }
        reasons = example.reasons.map { reason in
            var wire = WireReason()
            wire.word = reason.word
            wire.weight = reason.weight
            return wire
        }
    }

    func example() throws(PartialError) -> Example {
        guard text.utf8.count <= Example.textLimit else { throw .invalid("an example of \(text.utf8.count) bytes") }
        var sentiment: Sentiment?
        if hasNegative || hasPositive {
            guard let chosen = UInt8(exactly: label).flatMap(SentimentLabel.init(rawValue:)) else {
                throw .invalid("an example of an unknown class")
            }
            sentiment = Sentiment(negative: Int64(negative), positive: Int64(positive), label: chosen)
            if sentiment == nil { throw .invalid("an example with probabilities above 1") }
        }
        guard reasons.count <= Example.reasonLimit else { throw .invalid("\(reasons.count) reasons") }
        var example = Example(
            hash: hash, id: id, createdAt: Timestamp(milliseconds: createdAt), author: author, text: text,
            url: hasURL ? url : nil, sentiment: sentiment)
        for wire in reasons {
            guard let reason = ReasonWord(word: wire.word, weight: wire.weight) else {
                throw .invalid("a reason of \(wire.word.utf8.count) bytes")
            }
            example.reasons.append(reason)
        }
        return example
    }
}

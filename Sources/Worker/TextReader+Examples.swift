internal import Domain
internal import Readings
internal import Trends

extension TextReader {
    /// Gives reasons to the scored posts of a part's samples: a few of all posts, so that costs next to nothing.
    func explain(_ part: inout Partial) {
        var places: [(key: ExampleKey, index: Int)] = []
        var inputs: [Input] = []
        var labels: [SentimentLabel] = []
        for (key, sample) in part.examples {
            for (index, example) in sample.enumerated() {
                guard let sentiment = example.sentiment else { continue }
                places.append((key, index))
                inputs.append(Input(example.text, declared: key.language))
                labels.append(sentiment.label)
            }
        }
        for (place, found) in zip(places, reasons(of: inputs, labels: labels, limit: Example.reasonLimit)) {
            part.examples[place.key]?[place.index].reasons = found
        }
    }
}

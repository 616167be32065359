/// Cuts texts into the numbered tokens that a language model reads, as its `tokenizer.json` says.
///
/// A special token's name in a text, "[SEP]" for one, is plain text: nobody can end a post from within.
/// Safe to share between threads: nothing in it changes.
package struct SubwordTokenizer: Sendable {
    enum Model: Sendable {
        case wordPiece(WordPiece)
    }

    let model: Model
    let template: SubwordTemplate

    /// The tokens of one text with the special tokens around it.
    ///
    /// - Parameter limit: at most this many tokens: the text's last ones go, the special ones stay.
    package func encode(_ text: String, limit: Int) -> [Int32] {
        let room = limit - SubwordTemplate.specials(template.single)
        // Posts have about a token per four bytes.
        var sink = NumberSink(limit: max(0, room), room: text.utf8.count / 3 + 2)
        for part in template.single {
            switch part {
            case .special(let id, _): sink.ids.append(id)
            case .first, .second: split(text, into: &sink)
            }
        }
        return sink.ids
    }

    /// The tokens of two texts with the special tokens around and between them, and each token's type.
    ///
    /// - Parameter limit: at most this many tokens: the longer text is cut first, the special ones stay.
    package func encode(_ first: String, _ second: String, limit: Int) -> (ids: [Int32], types: [UInt8]) {
        let firstIDs = numbers(first)
        let secondIDs = numbers(second)
        let room = max(0, limit - SubwordTemplate.specials(template.pair))
        let lengths = SubwordTemplate.lengths(firstIDs.count, secondIDs.count, limit: room)
        var ids: [Int32] = []
        var types: [UInt8] = []
        func append(_ part: ArraySlice<Int32>, _ type: UInt8) {
            ids += part
            types += repeatElement(type, count: part.count)
        }
        for part in template.pair {
            switch part {
            case .special(let id, let type): append([id], type)
            case .first(let type): append(firstIDs.prefix(lengths.first), type)
            case .second(let type): append(secondIDs.prefix(lengths.second), type)
            }
        }
        return (ids, types)
    }

    /// The tokens of one text, each with its place in the text's UTF-8.
    ///
    /// The same tokens as `encode(_:limit:)` gives. A piece covers whole characters of the text as written, capitals
    /// and accents included; two pieces of one character cover the same place.
    package func pieces(_ text: String, limit: Int) -> [SubwordPiece] {
        var sink = PieceSink(limit: max(0, limit - SubwordTemplate.specials(template.single)))
        split(text, into: &sink)
        return template.single.flatMap { part in
            if case .special(let id, _) = part { [SubwordPiece(id: id, bytes: nil)] } else { sink.pieces }
        }
    }

    private func numbers(_ text: String) -> [Int32] {
        var sink = NumberSink(limit: .max, room: text.utf8.count / 3 + 2)
        split(text, into: &sink)
        return sink.ids
    }

    private func split(_ text: String, into sink: inout some SubwordSink) {
        var text = text
        text.withUTF8 { bytes in
            switch model {
            case .wordPiece(let wordPiece): wordPiece.split(bytes.span, into: &sink)
            }
        }
    }
}

extension SubwordTokenizer {
    /// Reads a Hugging Face `tokenizer.json`.
    package init(json: [UInt8]) throws(SubwordError) {
        self = try TokenizerFile(json).tokenizer()
    }
}

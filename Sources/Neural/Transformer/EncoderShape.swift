package import Foundation

/// The sizes and naming of a BERT-class encoder, from the `config.json` beside its weights.
package struct EncoderShape: Equatable, Sendable {
    /// Families that differ in the names of their tensors, in their configuration's keys and in where positions begin.
    package enum Family: String, Sendable {
        case bert
        case distilbert
        case roberta
        case xlmRoberta = "xlm-roberta"
    }

    package let family: Family
    package let width: Int
    package let heads: Int
    package let layers: Int
    /// The width between the two products of a layer's feed-forward part.
    package let inner: Int
    package let vocabulary: Int
    package let positions: Int
    /// Rows of the token type table; 0 for families without one.
    package let types: Int
    package let normEpsilon: Float
    /// The position of a text's first token: RoBERTa counts from behind its padding token.
    package let firstPosition: Int

    package var headWidth: Int { width / heads }
    /// How many tokens a text may have.
    package var tokenLimit: Int { positions - firstPosition }

    package init(
        family: Family = .bert, width: Int, heads: Int, layers: Int, inner: Int, vocabulary: Int,
        positions: Int,
        types: Int = 2, normEpsilon: Float = 1e-12, firstPosition: Int = 0
    ) {
        precondition(width % heads == 0, "a width of \(width) for \(heads) heads")
        self.family = family
        self.width = width
        self.heads = heads
        self.layers = layers
        self.inner = inner
        self.vocabulary = vocabulary
        self.positions = positions
        self.types = types
        self.normEpsilon = normEpsilon
        self.firstPosition = firstPosition
    }
}

extension EncoderShape {
    /// Why a configuration does not describe an encoder that this program can run.
    package struct Complaint: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Reads a configuration in the form of Hugging Face's `config.json`.
    package init(json: Data) throws(Complaint) {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: json)
        } catch {
            throw Complaint(description: "not the configuration of an encoder: \(error)")
        }
        guard let family = Family(rawValue: file.model_type ?? "bert") else {
            throw Complaint(
                description:
                    "model type \"\(file.model_type ?? "")\"; bert, distilbert, roberta, xlm-roberta are known"
            )
        }
        guard (file.hidden_act ?? file.activation ?? "gelu") == "gelu" else {
            throw Complaint(
                description:
                    "activation \"\(file.hidden_act ?? file.activation ?? "")\"; only gelu is known")
        }
        guard (file.position_embedding_type ?? "absolute") == "absolute" else {
            throw Complaint(
                description: "positions \"\(file.position_embedding_type ?? "")\"; only absolute is known")
        }
        let isRoberta = family == .roberta || family == .xlmRoberta
        let width = try Self.size("hidden_size", file.hidden_size ?? file.dim, 16_384)
        let heads = try Self.size("num_attention_heads", file.num_attention_heads ?? file.n_heads, 256)
        guard width % heads == 0, (width / heads) % 8 == 0, width / heads <= 128, width % 16 == 0 else {
            throw Complaint(description: "a width of \(width) with \(heads) heads")
        }
        let firstPosition = isRoberta ? (file.pad_token_id ?? 1) + 1 : 0
        let positions = try Self.size("max_position_embeddings", file.max_position_embeddings, 1 << 16)
        guard (0..<positions).contains(firstPosition) else {
            throw Complaint(
                description: "a padding token of \(firstPosition - 1) with \(positions) positions")
        }
        let inner = try Self.size("intermediate_size", file.intermediate_size ?? file.hidden_dim, 65_536)
        guard inner % 8 == 0 else { throw Complaint(description: "an intermediate size of \(inner)") }
        self.init(
            family: family, width: width, heads: heads,
            layers: try Self.size("num_hidden_layers", file.num_hidden_layers ?? file.n_layers, 128),
            inner: inner,
            vocabulary: try Self.size("vocab_size", file.vocab_size, 1 << 21), positions: positions,
            types: family == .distilbert
                ? 0 : try Self.size("type_vocab_size", file.type_vocab_size ?? 2, 16),
            normEpsilon: file.layer_norm_eps ?? 1e-12, firstPosition: firstPosition)
    }

    private static func size(_ name: String, _ value: Int?, _ limit: Int) throws(Complaint) -> Int {
        guard let value else { throw Complaint(description: "\(name) is missing") }
        guard (1...limit).contains(value) else {
            throw Complaint(description: "\(name) of \(value), 1 to \(limit) are possible")
        }
        return value
    }

    /// The keys of both spellings: BERT's and DistilBERT's.
    private struct File: Decodable {
        var model_type: String?
        var hidden_size: Int?
        var dim: Int?
        var num_attention_heads: Int?
        var n_heads: Int?
        var num_hidden_layers: Int?
        var n_layers: Int?
        var intermediate_size: Int?
        var hidden_dim: Int?
        var vocab_size: Int?
        var max_position_embeddings: Int?
        var type_vocab_size: Int?
        var layer_norm_eps: Float?
        var pad_token_id: Int?
        var hidden_act: String?
        var activation: String?
        var position_embedding_type: String?
    }
}

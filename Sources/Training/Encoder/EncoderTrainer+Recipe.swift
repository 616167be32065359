internal import Foundation
internal import Neural
internal import Text

extension EncoderTrainer {
    /// Changes with anything that the weights at the end depend on: settings, texts, labels, and the encoder.
    var recipe: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        // FNV-1a over whole words.
        func add(_ value: Int) { hash = (hash ^ UInt64(bitPattern: Int64(value))) &* 0x100_0000_01b3 }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let description = (try? encoder.encode(settings)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        for byte in (description + base.fingerprint + arithmetic.rawValue).utf8 { add(Int(byte)) }
        for task in tasks {
            for byte in task.name.utf8 { add(Int(byte)) }
            add(task.classes)
            add(task.repeats)
            add(Int(task.weight.bitPattern))
            for example in task.examples + task.validation {
                add(example.label)
                for id in example.ids { add(Int(id)) }
            }
        }
        return String(hash, radix: 16)
    }
}

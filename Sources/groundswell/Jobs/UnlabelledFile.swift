import Feeds
import Foundation

/// Reads texts, with or without labels, from JSON Lines, plain or compressed.
struct UnlabelledFile {
    let path: String
    var textField = "text"
    /// Lines that have this field are read only where it has this value, whatever its case.
    var only: FieldFilter?

    /// - Throws: `CommandError` for a line that is no object with a text.
    func read(_ body: (String) -> Void) throws {
        let file = try LineFile(path: path)
        var number = 0
        while let line = try file.next() {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D }) else { continue }
            guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                let text = object[textField] as? String
            else { throw CommandError("\(path):\(number): not a JSON object with a text in the field '\(textField)'") }
            if let only, let value = object[only.field], "\(value)".lowercased() != only.value { continue }
            body(text)
        }
    }
}

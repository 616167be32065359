/// Finds the word that somebody probably meant.
package enum Spelling {
    /// What to say of an unknown word: the nearest known one, and all of them where none is near.
    package static func hint(for word: String, among known: [String]) -> String {
        let nearest = known.map { ($0, distance(word.lowercased(), $0)) }.min { $0.1 < $1.1 }
        guard let (name, distance) = nearest else { return "" }
        if distance <= 1 + name.count / 3 { return "did you mean '\(name)'?" }
        return "the nearest is '\(name)', all are \(known.joined(separator: ", "))"
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other.
    static func distance(_ left: String, _ right: String) -> Int {
        // Long input is cut: a key of a megabyte is no misspelling.
        let left = Array(left.prefix(64))
        let right = Array(right.prefix(64))
        var rows = [Array(0...right.count)]
        for row in 1..<(left.count + 1) {
            var current = [row]
            for column in 1..<(right.count + 1) {
                let replaced = rows[row - 1][column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var best = min(replaced, rows[row - 1][column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, rows[row - 2][column - 2] + 1)
                }
                current.append(best)
            }
            rows.append(current)
        }
        return rows[left.count][right.count]
    }
}

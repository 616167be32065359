/// Adds up neighbouring rows of one key, as they come sorted from the server: one row is held at a time.
struct Neighbours<Key: Equatable, Value> {
    private var held: (key: Key, value: Value)?
    private let merge: (inout Value, Value) -> Void

    init(merge: @escaping (inout Value, Value) -> Void) { self.merge = merge }

    /// Takes a row; returns the sum of the key before it when that is complete.
    mutating func take(_ key: Key, _ value: Value) -> (key: Key, value: Value)? {
        guard held?.key == key else {
            defer { held = (key, value) }
            return held
        }
        if var sum = held?.value {
            merge(&sum, value)
            held?.value = sum
        }
        return nil
    }

    /// The sum of the last key.
    mutating func end() -> (key: Key, value: Value)? {
        defer { held = nil }
        return held
    }
}

/// What a network should say of each text of a task, and how much each text counts.
struct Targets {
    private let classes: Int
    /// The probability of each class, text by text.
    private(set) var probabilities: [Float] = []
    private(set) var weights: [Float] = []

    init(classes: Int) { self.classes = classes }

    var count: Int { weights.count }

    subscript(text: Int) -> ArraySlice<Float> { probabilities[text * classes..<(text + 1) * classes] }

    /// Adds a text whose classes are so probable; a loss on a class counts that class's importance.
    ///
    /// Weighing each class's term of the cross entropy is the same as weighing the probabilities, made to add up to 1
    /// again, and counting the text by what they added up to.
    mutating func add(_ expected: [Float], importance: [Float], weight: Float = 1) {
        precondition(
            expected.count == classes && importance.count == classes, "\(expected.count) of \(classes) classes")
        let weighed = zip(expected, importance).map { $0 * $1 }
        let total = weighed.reduce(0, +)
        probabilities += total > 0 ? weighed.map { $0 / total } : expected
        weights.append(total * weight)
    }

    /// Adds a text of one class.
    mutating func add(label: Int, importance: [Float], weight: Float = 1) {
        add((0..<classes).map { $0 == label ? 1 : 0 }, importance: importance, weight: weight)
    }
}

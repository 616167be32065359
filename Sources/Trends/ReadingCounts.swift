import Domain

/// What the text models said of the mentions of one rollup row, beyond their sentiment.
///
/// Most monitors ask for none of it, so rows, messages and statements leave it out when all of it is 0.
package struct ReadingCounts: Equatable, Sendable {
    /// One of the counts; the raw value is its number on the wire, never used again for another.
    package enum Column: Int, CaseIterable, Sendable {
        /// Posts in a language that no model reads.
        case unsupported = 0
        /// Posts that the deep model read: what all counts and sums below are shares of.
        case readDeep = 1
        /// Posts on which the model would raise the flag.
        case ironic = 2
        case offensive = 3
        case hateful = 4
        /// Posts whose most probable emotion is this one, and as probable as a label must be.
        case anger = 5
        case joy = 6
        case optimism = 7
        case sadness = 8
        /// Sums of calibrated probabilities, in millionths.
        case ironicSum = 9
        case offensiveSum = 10
        case hatefulSum = 11
        case angerSum = 12
        case joySum = 13
        case optimismSum = 14
        case sadnessSum = 15
    }

    /// By column.
    ///
    /// Sums wrap around rather than trap: of real posts they stay far below, a forged partial must not end the process.
    private var numbers = SIMD16<Int64>.zero

    package init() {}

    package var isZero: Bool { numbers == .zero }

    package subscript(column: Column) -> Int64 {
        get { numbers[column.rawValue] }
        set { numbers[column.rawValue] = newValue }
    }

    package mutating func merge(_ other: Self) { numbers &+= other.numbers }
}

extension ReadingCounts {
    /// What one mention adds.
    ///
    /// - Parameter unsureBelow: an emotion less probable than this, in millionths, is not counted.
    init(_ reading: Reading, _ unsureBelow: Int64) {
        self.init()
        switch reading {
        case .unsupported: self[.unsupported] = 1
        case .fast: break
        case .deep(let reading):
            self[.readDeep] = 1
            self[.ironic] = reading.irony.isRaised ? 1 : 0
            self[.offensive] = reading.offence.isRaised ? 1 : 0
            self[.hateful] = reading.hate.isRaised ? 1 : 0
            self[.ironicSum] = reading.irony.probability
            self[.offensiveSum] = reading.offence.probability
            self[.hatefulSum] = reading.hate.probability
            self[.angerSum] = reading.emotions[Int(Emotion.anger.rawValue)]
            self[.joySum] = reading.emotions[Int(Emotion.joy.rawValue)]
            self[.optimismSum] = reading.emotions[Int(Emotion.optimism.rawValue)]
            self[.sadnessSum] = reading.emotions[Int(Emotion.sadness.rawValue)]
            if reading.emotions[Int(reading.emotion.rawValue)] >= unsureBelow { self[Self.column(reading.emotion)] = 1 }
        }
    }

    private static func column(_ emotion: Emotion) -> Column {
        switch emotion {
        case .anger: .anger
        case .joy: .joy
        case .optimism: .optimism
        case .sadness: .sadness
        }
    }
}

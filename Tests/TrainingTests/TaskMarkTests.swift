import Testing
import Text
import Training

/// Marks against those that TweetEval's measures give for the same random labels, as computed by a script of the
/// standard library.
@Suite struct TaskMarkTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let task: TextTask
        /// A digit for each item.
        let truth: String
        let chosen: String
        let mark: Double

        init(_ task: TextTask, truth: String, chosen: String, mark: Double) {
            (self.task, self.truth, self.chosen, self.mark) = (task, truth, chosen, mark)
        }

        var testDescription: String { "\(task) of \(truth.count) items" }
    }

    static let cases = [
        Case(
            .sentiment, truth: "010211000012100221100100211001122102121200011021012212011211",
            chosen: "010011020012100200202000211101222002121100011021012202010110", mark: 0.752381),
        Case(
            .emotion, truth: "311333013313131002211132120203033031122323122330210312013333",
            chosen: "310233013333131102011132223202033013112323121330230312010232", mark: 0.731449),
        Case(
            .irony, truth: "111011101000110100101110100010001000101101011011111111010111",
            chosen: "011111110000010100001111010000011001101101010001110111010111", mark: 0.776119),
        Case(
            .offensive, truth: "100111100100111000100001010000100010010111100110110110001111",
            chosen: "110111101100111000100101000010101010001111100110010111001100", mark: 0.8),
        Case(
            .hate, truth: "000011101100111101010100110010000100110000010111011110010110",
            chosen: "000011000100101101010100111000001100110000001101000111010100", mark: 0.780344),
        Case(
            .stance, truth: "222012222221101011120212111201001200101020002220001211021211",
            chosen: "222012202120102011120210111101201011201020222211001211221212", mark: 0.735201),
        Case(
            .sentiment, truth: "1110111111101111111011001",
            chosen: "2121112112222211222022001", mark: 0.333333),
        Case(
            .emotion, truth: "2022002020110222001222011",
            chosen: "2323022022011311002330011", mark: 0.403725),
        Case(
            .irony, truth: "1111001101101000100011001",
            chosen: "1111011111101000100011001", mark: 0.928571),
        Case(
            .offensive, truth: "1111100000111001011101111",
            chosen: "1111010000101010011101110", mark: 0.75),
        Case(
            .hate, truth: "1110011111100110000111011",
            chosen: "1110011101100111010111011", mark: 0.86631),
        Case(
            .stance, truth: "1101110111101100101110011",
            chosen: "1200210111201101112010222", mark: 0.321429),
        Case(
            .sentiment, truth: "0021021020102021022012120012101021202020",
            chosen: "0111001001101011011011110011111011101010", mark: 0.604167),
        Case(
            .emotion, truth: "2302131320132130100313011111021212003332",
            chosen: "2102221220112120120202002110020212112222", mark: 0.451876),
        Case(
            .irony, truth: "1011010100001111001010111101111101100011",
            chosen: "1001000100001101011010101101111101110011", mark: 0.869565),
        Case(
            .offensive, truth: "0101111010110000101110011001111001011111",
            chosen: "0000000000000000000000000000000000000000", mark: 0.285714),
        Case(
            .hate, truth: "0000010001001110111011100001000000111001",
            chosen: "0000000000000000000000000000000000000000", mark: 0.375),
        Case(
            .stance, truth: "1121022022020102202120100100200102002001",
            chosen: "1121102121021212212120100100200102212001", mark: 0.75641),
    ]

    @Test(arguments: cases) func marksAreTheOfficialOnes(_ example: Case) {
        let confusion = ConfusionMatrix(
            truth: Self.labels(example.truth), chosen: Self.labels(example.chosen),
            classes: example.task.classes.count)
        #expect(abs(example.task.mark(of: confusion) - example.mark) < 1e-6)
    }

    @Test func theIntervalIsThatOfTheTasksOwnMark() {
        let truth = (0..<200).map { $0 % 2 }
        let chosen = truth.indices.map { $0 % 5 == 0 ? 0 : truth[$0] }
        let evaluation = Evaluation(
            task: .irony, probabilities: chosen.map { $0 == 0 ? [0.8, 0.2] : [0.2, 0.8] }, chosen: chosen,
            labels: truth)
        #expect(evaluation.mark == evaluation.confusion.f1(of: 1))
        #expect(evaluation.interval.contains(evaluation.mark))
        #expect(evaluation.interval.upperBound - evaluation.interval.lowerBound < 0.15)
    }

    @Test func nothingAtAllIsMarkedZero() {
        for task in TextTask.allCases {
            #expect(task.mark(of: ConfusionMatrix(classes: task.classes.count)) == 0)
        }
    }

    private static func labels(_ digits: String) -> [Int] { digits.compactMap(\.wholeNumberValue) }
}

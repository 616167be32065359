import Testing
import Text

@testable import groundswell

struct ReasonsPageTests {
    private static let text = "the food a\u{1B}[2Jdisaster 😍"
    private static let words = [
        Reasons.Word(range: 0..<3, weight: 0.05), Reasons.Word(range: 4..<8, weight: -0.5),
        Reasons.Word(range: 14..<22, weight: 2),
    ]

    @Test func withoutColoursWeightsStandBehindTheWords() {
        let marked = WordMarks(isColoured: false).marked(Self.text, Self.words)
        #expect(marked == "the [food -0.50] a [2J[disaster +2.00] 😍")
    }

    @Test func coloursGrowWithTheWeightAndNoTextCanSetItsOwn() {
        let marked = WordMarks(isColoured: true).marked(Self.text, Self.words)
        #expect(marked == "the \u{1B}[97;48;5;52mfood\u{1B}[0m a [2J\u{1B}[97;48;5;34mdisaster\u{1B}[0m 😍")
    }

    @Test func twoModelsStandSideBySide() {
        func reasons(_ label: Int, _ weight: Double) -> Reasons {
            Reasons(
                task: .sentiment, label: label, probabilities: [0.2, 0.3, 0.5],
                words: [Reasons.Word(range: 0..<3, weight: weight)], lead: weight, baseline: 0)
        }
        let page = ReasonsPage.page(
            "wow", [reasons(2, 1), reasons(0, -0.25)], ["one", "two"], 5, WordMarks(isColoured: false))
        #expect(page.contains("positive  (negative 0.20, neutral 0.30, positive 0.50; one)\n[wow +1.00]\n"))
        #expect(page.contains("label  positive  negative\nwow    +1.00     -0.25\n"))
    }
}

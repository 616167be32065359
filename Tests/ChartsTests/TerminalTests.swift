import Harness
import Testing

@testable import Charts

struct TerminalTests {
    @Test(arguments: 0..<200) func aChartHasItsWidthAndHeightWhateverItsTexts(seed: UInt64) {
        var random = Seeded(state: seed)
        let chart = Sample.any(&random)
        let columns = Int.random(in: 30...200, using: &random)
        let rows = Int.random(in: 10...50, using: &random)
        let lines = chart.terminal(columns: columns, rows: rows).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == rows + 1, "seed \(seed)")
        for line in lines { #expect(CellWidth.of(String(line)) <= columns, "seed \(seed): \(line)") }
    }

    @Test(arguments: Sample.hostileTexts) func noControlCharacterReachesATerminal(text: String) {
        var chart = Sample.small
        chart.title = text
        chart.incidents[0].note = text
        for scalar in chart.terminal().unicodeScalars where scalar != "\n" {
            #expect(scalar.properties.generalCategory != .control, "\(scalar.value)")
            #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
        }
    }

    @Test func coloursComeOnlyWhenTheyAreAskedFor() {
        #expect(!Sample.small.terminal().contains("\u{1B}"))
        let coloured = Sample.small.terminal(isColoured: true)
        #expect(coloured.contains("\u{1B}[0;38;5;32m"))
        let plain = coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
        #expect(plain.contains("⡀") && !plain.contains("░"), "shades are colours")
    }

    @Test func aSmallChartLooksLikeThis() {
        #expect(Sample.small.terminal(columns: 60, rows: 14) == Golden.terminal)
    }

    @Test func wideLettersTakeTwoCells() {
        #expect(CellWidth.of("東京") == 4)
        #expect(CellWidth.of("e\u{301}") == 1)
        #expect(CellWidth.of("👩‍👩‍👧‍👦") == 2)
        #expect(CellWidth.of("abc…") == 4)
    }
}

import Domain
import Testing

@testable import groundswell

struct OutputTests {
    private static let table = Table(
        ["name", "count", "share"],
        rows: [
            [.text("a,\"b\""), .integer(1_234_567), .decimal(0.5, places: 2)],
            [.text("line\nbreak"), .missing, .missing],
        ])

    @Test func aTableIsAlignedForPeople() {
        #expect(
            Self.table.printed(as: .table) == """
                name            count  share
                ──────────  ─────────  ─────
                a,"b"       1,234,567   0.50
                line break          –      –

                """)
    }

    @Test func csvIsQuotedAndTsvHoldsNoTabOrNewline() {
        #expect(Self.table.printed(as: .csv) == "name,count,share\n\"a,\"\"b\"\"\",1234567,0.50\n\"line\nbreak\",,\n")
        #expect(Self.table.printed(as: .tsv) == "name\tcount\tshare\na,\"b\"\t1234567\t0.50\nline break\t\t\n")
    }

    @Test func jsonEscapesWhatItMust() {
        #expect(JSONText.quoted("\"\\\n\u{1}é") == "\"\\\"\\\\\\n\\u0001é\"")
        #expect(Self.table.printed(as: .json).contains(#""name":"line\nbreak","count":null,"share":null"#))
    }

    @Test func figuresReadWell() {
        #expect(Figures.grouped(Int64(-1_234_567)) == "-1,234,567")
        #expect(Figures.grouped(Int64(999)) == "999")
        #expect(Figures.bytes(8 << 20) == "8.0 MiB")
        #expect(Figures.duration(0.2) == "1 s")
        #expect(Figures.duration(200) == "3 min 20 s")
        #expect(Figures.duration(.infinity) == "–")
        #expect(Figures.time(Timestamp(seconds: 1_790_000_000), grain: .day) == "2026-09-21")
        #expect(Moment(argument: "2026-09-21")?.timestamp == Timestamp(seconds: 1_789_948_800))
        #expect(Moment(argument: "2026-09-21T14:13:20Z")?.timestamp == Timestamp(seconds: 1_790_000_000))
        #expect(Moment(argument: "yesterday") == nil)
    }

    @Test func aChartHasOneRowForEachSeriesAndAveragesLongOnes() {
        let chart = TerminalChart.drawn(
            [.init(name: "a", values: [0, 5, 10]), .init(name: "bb", values: [nil, nil, nil])], width: 3)
        #expect(chart == "a   ▁▅█  max 10\nbb       no data\n")
        let long = TerminalChart.drawn([.init(name: "x", values: (0..<1000).map { Double($0) })], width: 10)
        #expect(long.hasPrefix("x  ▁▂▃▄▄▅▆▇▇█  max 950"))
    }
}

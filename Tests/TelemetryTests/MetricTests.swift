import CoreMetrics
import Telemetry
import Testing

struct MetricTests {
    @Test func countersGaugesAndTimersAreWrittenWithHelpAndType() {
        let registry = MetricRegistry(help: ["shards_total": "Shards,\nby \\ lane."])
        Counter(label: "shards_total", dimensions: [("lane", "bulk")], factory: registry).increment(by: 3)
        Counter(label: "shards_total", dimensions: [("lane", "bulk")], factory: registry).increment()
        Counter(label: "shards_total", dimensions: [("lane", "live")], factory: registry).increment(by: 0)
        Meter(label: "waiting", factory: registry).set(2.5)
        let timer = Timer(label: "merge_seconds", factory: registry)
        timer.recordNanoseconds(20_000_000)
        timer.recordNanoseconds(60_000_000_000)
        let lines = registry.prometheusText().split(separator: "\n").map(String.init)
        #expect(lines.contains(#"# HELP shards_total Shards,\nby \\ lane."#))
        #expect(lines.contains("# TYPE shards_total counter"))
        #expect(lines.contains(#"shards_total{lane="bulk"} 4"#))
        #expect(lines.contains(#"shards_total{lane="live"} 0"#))
        #expect(lines.contains("# TYPE waiting gauge"))
        #expect(lines.contains("waiting 2.5"))
        #expect(lines.contains("# TYPE merge_seconds histogram"))
        #expect(lines.contains(#"merge_seconds_bucket{le="0.01"} 0"#))
        #expect(lines.contains(#"merge_seconds_bucket{le="0.025"} 1"#))
        #expect(lines.contains(#"merge_seconds_bucket{le="+Inf"} 2"#))
        #expect(lines.contains("merge_seconds_sum 60.02"))
        #expect(lines.contains("merge_seconds_count 2"))
    }

    @Test func labelsAreEscapedAndTheirOrderMakesNoSecondSeries() {
        let registry = MetricRegistry()
        let odd = "a \"b\"\\\nc"
        Counter(label: "x.y", dimensions: [("z", odd), ("a-b", "1")], factory: registry).increment()
        Counter(label: "x.y", dimensions: [("a-b", "1"), ("z", odd)], factory: registry).increment()
        #expect(registry.prometheusText() == "# TYPE x_y counter\n" + #"x_y{a_b="1",z="a \"b\"\\\nc"} 2"# + "\n")
    }

    @Test func aLabelWithoutBoundDoesNotFillTheMemory() {
        let registry = MetricRegistry()
        for number in 0..<10_000 {
            Counter(label: "shards", dimensions: [("id", "\(number)")], factory: registry).increment()
        }
        #expect(registry.prometheusText().split(separator: "\n").count == 1 + MetricRegistry.seriesLimit)
    }

    @Test func aNameKeepsItsFirstKind() {
        let registry = MetricRegistry()
        Counter(label: "shards", factory: registry).increment()
        Meter(label: "shards", factory: registry).set(7)
        #expect(registry.prometheusText() == "# TYPE shards counter\nshards 1\n")
    }
}

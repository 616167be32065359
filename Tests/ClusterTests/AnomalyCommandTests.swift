import Foundation
import Harness
import Testing

extension RealProcesses {
    /// What people ask of anomalies, by the built program on a real database.
    @Suite(.timeLimit(.minutes(3)))
    struct AnomalyCommandTests {
        /// Four weeks of hours with a spike on the twentieth day, and the anomaly that it is.
        private static let fixture = [
            """
            INSERT INTO gw.job (monitor, monitor_yaml, monitor_version, model_version, lane, weight, state)
            VALUES ('brands', 'name: brands', 'v', 'm', 'bulk', 1, 'completed')
            """,
            "INSERT INTO gw.brand (job_id, brand, name, query) VALUES (1, 0, 'acme', 'acme'), (1, 1, 'bolt', 'bolt')",
            "SELECT gw.ensure_partition('rollup_hour', '2026-11-02 00:00Z')",
            """
            INSERT INTO gw.rollup SELECT h, n, 0, 0, 0, 0, n / 4, n / 2, n - n / 4 - n / 2, 0, 0, 0, 0, n, n, n, 1, b,
                (SELECT platform FROM gw.platform WHERE name = 'x'), g, 'en', hll_empty(12, 5, -1, 1)
            FROM (VALUES (0), (1)) brand(b), (VALUES (1, 1), (2, 24)) grain(g, size),
                generate_series(timestamptz '2026-11-02 00:00Z', '2026-11-29 23:00Z', make_interval(hours => size)) h,
                LATERAL (SELECT CASE WHEN b = 0 AND h BETWEEN '2026-11-21 10:00Z' AND '2026-11-21 12:00Z' THEN 900
                    ELSE 40 + (extract(hour FROM h)::int % 12) * 5 + extract(epoch FROM h)::bigint / 3600 * 7 % 11 END n) v
            """,
            """
            INSERT INTO gw.anomaly (monitor, brand, platform, metric, seconds, started_at, ended_at, kind, stage, peak_at,
                peak_value, value, expected, return_days, budget_days, news_at, posts, drivers, examples, detector,
                revision)
            VALUES ('brands', 'acme', -1, 0, 3600, '2026-11-21 10:00Z', '2026-11-21 13:00Z', 'spike', 'closed',
                '2026-11-21 11:00Z', 900, 2700, 260, 140, 3.5, '2026-11-21 10:00Z', 2700,
                '[{"kind":"hashtag","key":"recall","posts":1500,"authors":1200,"expected":1.5,"share":0.62,"score":88.1}]',
                '[{"post_id":"p","author":"ann","created_at":"2026-11-21T10:05:00Z","text":"My toaster burns","url":null}]',
                'test', 3)
            """,
        ]

        @Test func anAnomalyIsListedExplainedAndDrawn() async throws {
            try await TestCluster.with { cluster in
                for statement in Self.fixture { _ = try await cluster.sql(statement) }
                let listed = try await cluster.command.run("anomalies", "--brand", "acme", "--output", "csv")
                #expect(listed.status == 0, "\(listed.messages)")
                #expect(
                    listed.output.hasSuffix(
                        "1,2026-11-21T10:00:00Z,brands,acme,,mentions,spike,closed,2700,260,140.0,#recall,0.62"),
                    "\(listed.output)")
                let none = try await cluster.command.run("anomalies", "--open", "--output", "json")
                #expect(none.status == 0 && none.output == "[]" && none.messages.contains("alerts:"))

                let page = try await cluster.command.run("explain", "anomaly", "1", "--output", "table")
                #expect(page.status == 0, "\(page.messages)")
                for part in [
                    "Spike 1: acme had 2,700 mentions", "10 times", "#recall", "62 %", "My toaster burns", "21 Nov",
                ] {
                    #expect(page.output.contains(part), "\(part) is not in\n\(page.output)")
                }
                let message = try await cluster.command.run("explain", "anomaly", "1", "--output", "json")
                let object = try JSONSerialization.jsonObject(with: Data(message.output.utf8)) as? [String: Any]
                #expect(object?["return_days"] as? Double == 140 && object?["brand"] as? String == "acme")

                let drawn = try await cluster.command.run("plot", "--brand", "acme", "--width", "100")
                #expect(drawn.status == 0, "\(drawn.messages)")
                #expect(drawn.output.contains("expected") && drawn.output.contains("spike, once in 140 days"))
                let daily = try await cluster.command.run(
                    "plot", "--brand", "bolt", "--window", "day", "--metric", "net_sentiment")
                #expect(daily.status == 0 && daily.output.contains("net sentiment by day"), "\(daily.messages)")
            }
        }

        @Test func picturesAreWritten() async throws {
            try await TestCluster.with { cluster in
                for statement in Self.fixture { _ = try await cluster.sql(statement) }
                let (svg, png) = ("\(cluster.folder)/a.svg", "\(cluster.folder)/a.png")
                for (arguments, file) in [(["--anomaly", "1"], svg), (["--brand", "acme"], png)] {
                    let plotted = try await cluster.command.run(["plot"] + arguments + ["--out", file])
                    #expect(plotted.status == 0 && plotted.output.isEmpty, "\(plotted.messages)")
                }
                let text = try String(contentsOfFile: svg, encoding: .utf8)
                #expect(
                    text.contains("<title id=\"title\">acme: mentions</title>") && text.contains("fill=\"#E69F00\""))
                let bytes = try Data(contentsOf: URL(fileURLWithPath: png))
                #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) && bytes.count > 10_000)
                let lost = try await cluster.command.run("plot", "--brand", "acme", "--out", "/nowhere/a.png")
                #expect(lost.status == 1 && lost.messages.contains("cannot write /nowhere/a.png"))
            }
        }

        @Test func whoErrsIsToldTheNextStep() async throws {
            try await TestCluster.with { cluster in
                let empty = try await cluster.command.run("plot", "--brand", "acme")
                #expect(empty.status == 1 && empty.messages.contains("groundswell submit"), "\(empty.messages)")
                for statement in Self.fixture { _ = try await cluster.sql(statement) }
                for (arguments, answer) in [
                    (["plot", "--brand", "acmee"], "did you mean 'acme'?"),
                    (["anomalies", "--brand", "bold"], "did you mean 'bolt'?"),
                    (["plot", "--brand", "acme", "--monitor", "brand"], "did you mean 'brands'?"),
                    (["explain", "anomaly", "77"], "'groundswell anomalies' shows those there are"),
                    (["plot", "--brand", "acme", "--until", "2020-01-01"], "groundswell trends --brand acme"),
                ] {
                    let answered = try await cluster.command.run(arguments)
                    #expect(
                        answered.status == 1 && answered.messages.contains(answer), "\(arguments): \(answered.messages)"
                    )
                }
                let usage = try await cluster.command.run("plot")
                #expect(usage.status == 2 && usage.messages.contains("--brand or --anomaly"))
            }
        }
    }
}

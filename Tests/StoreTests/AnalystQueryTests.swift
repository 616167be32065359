import Domain
import Store
import Testing
import Trends

/// The questions of analysts, each one short statement on the views, over data that a person can add up.
@Suite struct AnalystQueryTests {
    /// Two brands over two weeks from Monday 2024-03-04: Aurora 10 posts a day, Borealis 5; Aurora spikes on the second
    /// Wednesday with angry posts.
    private func withTrends(_ body: (String) async throws -> Void) async throws {
        try await withStore { store, url in
            let job = try await store.submitted(14)
            var items: [MergeItem] = []
            for index in 0..<14 {
                var partial = Partial()
                let noon = monday + Int64(index) * day + 12 * hour
                let isSpike = index == 9
                partial.add(
                    isSpike ? 100 : 10, at: noon, negative: isSpike ? 80 : 2, positive: isSpike ? 10 : 4,
                    reposts: isSpike ? 50 : 1,
                    authors: index..<index + 10)
                partial.add(
                    5, at: noon, brand: 1, platform: .bluesky, language: "de", negative: 1, positive: 1, authors: 0..<5)
                partial.add(term: "storm", isSpike ? 60 : 1, at: noon)
                partial.add(term: "sun", 2, at: noon)
                partial.add(term: "night", 1, at: noon, brand: 1)
                partial.add(term: "mayor", 3, at: noon, kind: .mention)
                partial.add(term: "news.example", 4, at: noon, kind: .domain)
                partial.add(term: "flooded", isSpike ? 30 : 1, at: noon, kind: .blame)
                partial.add(term: "flooded", 1, at: noon, kind: .praise)
                for post in 0..<4 { partial.add(example: index * 10 + post, at: noon) }
                items.append(MergeItem(shard: shard(job, index), attempt: 1, parts: [partial]))
            }
            _ = try await store.merge(items)
            try await body(url)
        }
    }

    private func answers(_ url: String, _ sql: String) async throws -> [String] {
        try await psql(url, sql, role: "groundswell_reader")
    }

    @Test func shareOfVoice() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT brand, sum(posts) AS posts, round(100 * sum(posts) / sum(sum(posts)) OVER (), 1) AS share
                FROM trends.brand_day WHERE monitor = 'cities' AND day >= '2024-03-04' AND day < '2024-03-11'
                GROUP BY brand ORDER BY posts DESC
                """)
            #expect(rows == ["Aurora|70|66.7", "Borealis|35|33.3"])
        }
    }

    @Test func netSentimentWithAMovingAverageOfSevenDays() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT day, net_sentiment, round(avg(net_sentiment) OVER (ORDER BY day ROWS 6 PRECEDING), 3) AS weekly
                FROM trends.brand_day WHERE brand = 'Aurora' ORDER BY day
                """)
            #expect(rows.count == 14 && rows[0] == "2024-03-04|0.2000|0.200")
            #expect(rows[9] == "2024-03-13|-0.7000|0.071" && rows[10] == "2024-03-14|0.2000|0.071")
        }
    }

    @Test func topHashtagsOfEachBrandAndWeek() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT brand, week::date, hashtag, posts FROM (
                    SELECT brand, date_trunc('week', hour) AS week, hashtag, sum(posts) AS posts,
                        rank() OVER (PARTITION BY brand, date_trunc('week', hour) ORDER BY sum(posts) DESC)
                    FROM trends.hashtags GROUP BY brand, week, hashtag) t
                WHERE rank <= 1 ORDER BY brand, week
                """)
            #expect(
                rows == [
                    "Aurora|2024-03-04|sun|14", "Aurora|2024-03-11|storm|66", "Borealis|2024-03-04|night|7",
                    "Borealis|2024-03-11|night|7",
                ])
        }
    }

    @Test func handlesAndDomains() async throws {
        try await withTrends { url in
            let handles = try await answers(
                url, "SELECT handle, sum(posts) FROM trends.handles WHERE brand = 'Aurora' GROUP BY handle")
            #expect(handles == ["mayor|42"])
            let domains = try await answers(
                url, "SELECT domain, sum(posts) FROM trends.domains WHERE brand = 'Aurora' GROUP BY domain")
            #expect(domains == ["news.example|56"])
        }
    }

    @Test func distinctAuthorsOfAWeekAreAUnionAndNoSum() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT brand, round(#hll_union_agg(authors)) AS authors, sum(distinct_authors) AS author_days
                FROM trends.brand_day WHERE day >= '2024-03-04' AND day < '2024-03-11' GROUP BY brand ORDER BY brand
                """)
            // Days have authors 0–9, 1–10, … 6–15.
            #expect(rows == ["Aurora|16|70", "Borealis|5|35"])
        }
    }

    @Test func spikesAgainstTheMeanOfTheWeekBefore() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT brand, day, posts, round(posts / usual, 1) AS times_usual FROM (
                    SELECT brand, day, posts, avg(posts) OVER (PARTITION BY brand ORDER BY day ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING) AS usual
                    FROM trends.brand_day) d
                WHERE posts > 3 * usual ORDER BY times_usual DESC
                """)
            #expect(rows == ["Aurora|2024-03-13|100|10.0"])
        }
    }

    @Test func thisWeekAgainstTheLast() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT brand, sum(posts) FILTER (WHERE day >= '2024-03-11') AS now, sum(posts) FILTER (WHERE day < '2024-03-11') AS before,
                    round(100.0 * sum(posts) FILTER (WHERE day >= '2024-03-11') / sum(posts) FILTER (WHERE day < '2024-03-11') - 100) AS percent
                FROM trends.brand_day WHERE day >= '2024-03-04' AND day < '2024-03-18' GROUP BY brand ORDER BY brand
                """)
            #expect(rows == ["Aurora|160|70|129", "Borealis|35|35|0"])
        }
    }

    @Test func platformsAndLanguages() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT platform, language, sum(posts) AS posts, round(100 * sum(negative_mass) / sum(scored), 1) AS negative_percent
                FROM trends.by_day GROUP BY platform, language ORDER BY posts DESC
                """)
            #expect(rows == ["x|en|230|46.1", "bluesky|de|70|20.0"])
        }
    }

    @Test func theHourOfTheDayAndTheMinute() async throws {
        try await withTrends { url in
            let hours = try await answers(
                url,
                "SELECT date_part('hour', hour) AS hour, sum(posts) FROM trends.brand_hour GROUP BY 1 ORDER BY 1")
            #expect(hours == ["12|300"])
            let minutes = try await answers(
                url,
                """
                SELECT brand, minute, posts, originals, reposts FROM trends.by_minute
                WHERE minute >= '2024-03-13 12:00Z' AND minute < '2024-03-13 12:05Z' AND brand = 'Aurora'
                """)
            #expect(minutes == ["Aurora|2024-03-13T12:00:00+00:00|100|50|50"])
        }
    }

    @Test func examplesOfADay() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT post_id, author, text, negative, positive FROM trends.examples
                WHERE brand = 'Aurora' AND day = '2024-03-13' ORDER BY post_id
                """)
            #expect(
                rows == [
                    "90|ann|a fine day|~|~", "91|ann|a fine day|0.250000|0.500000", "92|ann|a fine day|~|~",
                    "93|ann|a fine day|0.250000|0.500000",
                ])
        }
    }

    @Test func wordsThatMadePostsNegative() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT label, word, sum(posts) FROM trends.reasons WHERE brand = 'Aurora' GROUP BY label, word ORDER BY 1
                """)
            #expect(rows == ["negative|flooded|43", "positive|flooded|14"])
        }
    }

    @Test func examplesSayWhyTheyHaveTheirLabel() async throws {
        try await withTrends { url in
            let rows = try await answers(
                url,
                """
                SELECT post_id, reason ->> 'word', (reason ->> 'weight')::numeric
                FROM trends.examples, jsonb_array_elements(reasons) reason
                WHERE brand = 'Aurora' AND day = '2024-03-13' ORDER BY 1, 3 DESC
                """)
            #expect(rows == ["91|fine|1.25", "91|\"day\"|-0.075", "93|fine|1.25", "93|\"day\"|-0.075"])
        }
    }

    @Test func emotionsAndFlagsOfThePostsReadDeeply() async throws {
        try await withStore { store, url in
            let job = try await store.submitted(2)
            var items: [MergeItem] = []
            for index in 0..<2 {
                var partial = Partial()
                partial.add(10, at: monday)
                for key in partial.rollups.keys {
                    var readings = ReadingCounts()
                    readings[.unsupported] = 2
                    readings[.readDeep] = 4
                    readings[.hateful] = 1
                    readings[.hatefulSum] = 1_500_000
                    readings[.joy] = 3
                    readings[.joySum] = 2_400_000
                    readings[.angerSum] = 1_600_000
                    partial.rollups[key]?.readings = readings
                }
                items.append(MergeItem(shard: shard(job, index), attempt: 1, parts: [partial]))
            }
            // One after the other: the second adds to the rows of the first.
            for item in items { _ = try await store.merge([item]) }
            let days = try await answers(
                url, "SELECT posts, unsupported, read_deep, hateful, hateful_mass, ironic FROM trends.brand_day")
            #expect(days == ["20|4|8|2|3.000000|0"])
            let emotions = try await answers(
                url, "SELECT emotion, posts, mass, read_deep, share FROM trends.emotions ORDER BY share DESC, emotion")
            #expect(
                emotions == [
                    "joy|6|4.800000|8|0.6000", "anger|0|3.200000|8|0.4000", "optimism|0|0.000000|8|0.0000",
                    "sadness|0|0.000000|8|0.0000",
                ])
            var sum = Partial()
            for item in items { for part in item.parts { sum.merge(part) } }
            #expect(try await store.digest(of: job) == RollupDigest(of: sum))
        }
    }

    @Test func jobsAddUpAndSayWhatTheyRead() async throws {
        try await withStore { store, url in
            var partial = Partial()
            partial.add(3, at: monday)
            partial.add(example: 7, at: monday)
            for _ in 0..<2 {
                let job = try await store.submitted(1)
                _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            }
            let other = try await store.submitted(1, .sample(monitor: "towns"))
            _ = try await store.merge([MergeItem(shard: shard(other, 0), attempt: 1, parts: [partial])])
            _ = try await store.completeFinishedJobs()
            let days = try await answers(
                url, "SELECT monitor, posts, distinct_authors FROM trends.brand_day ORDER BY monitor")
            #expect(days == ["cities|6|3", "towns|3|3"])
            let examples = try await answers(url, "SELECT monitor, post_id FROM trends.examples ORDER BY monitor")
            #expect(examples == ["cities|7", "towns|7"])
            let jobs = try await answers(
                url, "SELECT monitor, state, shards, merged, dead, posts FROM trends.jobs ORDER BY job")
            #expect(jobs == ["cities|completed|1|1|0|3", "cities|completed|1|1|0|3", "towns|completed|1|1|0|3"])
        }
    }

    @Test func theCommandLinesRowsGroupAndFilter() async throws {
        try await withTrends { url in
            let store = makeStore(url)
            var query = TrendQuery()
            query.brands = ["Aurora"]
            query.monitor = "cities"
            query.from = Timestamp(seconds: monday + 9 * day)
            query.until = Timestamp(seconds: monday + 11 * day)
            var rows = try await store.trendRows(query)
            #expect(rows.map(\.posts) == [100, 10] && rows.map(\.distinctAuthors) == [10, 10])
            #expect(rows.map(\.start) == [9, 10].map { Timestamp(seconds: monday + $0 * day) })
            #expect(rows[0].netSentiment == -0.7 && rows[0].originals == 50 && rows[0].group == nil)
            query.brands = []
            query.grouping = .language
            query.grain = .hour
            rows = try await store.trendRows(query)
            #expect(rows.map(\.group) == ["en", "de", "en", "de"] && rows.map(\.posts) == [100, 5, 10, 5])
            query.grouping = .platform
            query.grain = .minute
            query.limit = 3
            #expect(try await store.trendRows(query).map(\.group) == ["x", "bluesky", "x"])
            query.monitor = "towns"
            #expect(try await store.trendRows(query).isEmpty)
        }
    }
}

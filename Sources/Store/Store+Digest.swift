package import Domain
internal import Postgres
internal import Sketches
package import Trends

extension TrendStore {
    /// The digest of everything that a job counted, to compare with that of another run.
    ///
    /// Reads all tables in one snapshot, row by row, so that memory stays flat. Rows of one key in several slots come one
    /// after the other and are added up as the reducer would.
    package func digest(of job: JobID) async throws -> RollupDigest {
        try await connection.use { session in
            try session.transaction(isolation: .snapshot) {
                var digest = RollupDigest()
                try Self.addRollups(of: job, to: &digest, session)
                try Self.addTerms(of: job, to: &digest, session)
                try Self.addExamples(of: job, to: &digest, session)
                try session.stream(
                    "SELECT byte_offset, reason, excerpt FROM gw.quarantine WHERE job_id = $1", .int4(job.rawValue)
                ) { row in
                    digest.add(
                        quarantined: QuarantinedRecord(offset: row.int(0), reason: row.text(1), excerpt: row.bytes(2)))
                }
                return digest
            }
        }
    }

    private static func addRollups(
        of job: JobID, to digest: inout RollupDigest, _ session: PostgresSession
    ) throws {
        var sums = Neighbours<RollupKey, Measures> { $0.merge($1) }
        try session.stream(
            """
            SELECT window_start, brand, platform, language, grain, posts, reposts, replies, quotes, with_media, negative,
                neutral, positive, unsure, negative_sum, neutral_sum, positive_sum, engagement, reach, reach_known,
                hll_send(authors), \(ReadingCounts.Column.allCases.map(\.name).joined(separator: ", "))
            FROM gw.rollup WHERE job_id = $1 ORDER BY brand, window_start, platform, language, grain
            """, .int4(job.rawValue)
        ) { row in
            let place = Place(row)
            var measures = Measures()
            measures.posts = row.int(5)
            measures.reposts = row.int(6)
            measures.replies = row.int(7)
            measures.quotes = row.int(8)
            measures.withMedia = row.int(9)
            measures.negative = row.int(10)
            measures.neutral = row.int(11)
            measures.positive = row.int(12)
            measures.unsure = row.int(13)
            measures.negativeSum = row.int(14)
            measures.neutralSum = row.int(15)
            measures.positiveSum = row.int(16)
            measures.engagement = row.int(17)
            measures.reach = row.int(18)
            measures.reachKnown = row.int(19)
            measures.authors = try HyperLogLog(bytes: row.bytes(20))
            for column in ReadingCounts.Column.allCases { measures.readings[column] = row.int(21 + column.rawValue) }
            let key = RollupKey(
                grain: Grain(rawValue: UInt8(row.int(4))) ?? .day, start: place.start, brand: place.brand,
                platform: place.platform, language: place.language)
            if let sum = sums.take(key, measures) { digest.add(rollup: sum.key, sum.value) }
        }
        if let sum = sums.end() { digest.add(rollup: sum.key, sum.value) }
    }

    private static func addTerms(of job: JobID, to digest: inout RollupDigest, _ session: PostgresSession) throws {
        var sums = Neighbours<TermKey, Int64>(merge: +=)
        try session.stream(
            """
            SELECT window_start, brand, platform, language, kind, term, posts
            FROM gw.term WHERE job_id = $1 ORDER BY brand, window_start, kind, term, platform, language
            """, .int4(job.rawValue)
        ) { row in
            let place = Place(row)
            let key = TermKey(
                start: place.start, brand: place.brand, platform: place.platform, language: place.language,
                kind: TermKind(rawValue: UInt8(row.int(4))) ?? .hashtag, term: row.text(5))
            if let sum = sums.take(key, row.int(6)) { digest.add(term: sum.key, sum.value) }
        }
        if let sum = sums.end() { digest.add(term: sum.key, sum.value) }
    }

    private static func addExamples(
        of job: JobID, to digest: inout RollupDigest, _ session: PostgresSession
    ) throws {
        try session.stream(
            """
            SELECT * FROM (
                SELECT window_start, brand, platform, language, rank, post_id, created_at, author, body, url, negative,
                    label, positive, row_number() OVER (
                        PARTITION BY brand, window_start, platform, language ORDER BY rank, post_id) AS place
                FROM gw.example WHERE job_id = $1) e
            WHERE place <= \(Example.sampleSize)
            """, .int4(job.rawValue)
        ) { row in
            let place = Place(row)
            let key = ExampleKey(
                start: place.start, brand: place.brand, platform: place.platform, language: place.language)
            var sentiment: Sentiment?
            if let negative = row.optionalInt(10), let positive = row.optionalInt(12) {
                let label = row.optionalInt(11).flatMap { SentimentLabel(rawValue: UInt8(truncatingIfNeeded: $0)) }
                sentiment = Sentiment(negative: negative, positive: positive, label: label)
            }
            let example = Example(
                hash: hash(rank: row.int(4)), id: row.text(5),
                createdAt: Timestamp(microseconds: row.microseconds(6)), author: row.text(7), text: row.text(8),
                url: row.optionalText(9), sentiment: sentiment)
            digest.add(example: key, example)
        }
    }

    /// The columns that all rows begin with.
    private struct Place {
        var start: Int64
        var brand: UInt16
        var platform: Platform
        var language: String

        init(_ row: PostgresRow) {
            start = Timestamp(microseconds: row.microseconds(0)).seconds
            brand = UInt16(truncatingIfNeeded: row.int(1))
            platform = Platform(rawValue: UInt8(row.int(2))) ?? .generic
            language = row.text(3)
        }
    }
}

import Testing
import Training

@Suite struct ShareCorrectionTests {
    @Test(arguments: [50, 100, 200]) func intervalsOfAThousandBrandsHoldTheTruthAsOftenAsTheySay(labels: Int) {
        let seed: UInt64 = 20
        let trial = CoverageTrial(brands: 1000, labels: labels, seed: seed)
        for row in trial.rows {
            print(
                "labels \(row.labels) prevalence \(row.prevalence) coverage \(row.coverage) of \(row.intervals) "
                    + "width \(row.width) alone \(row.widthOfLabelsAlone)")
        }
        #expect((0.93...0.97).contains(trial.all.coverage), "\(trial.all), seed \(seed)")
        #expect(trial.all.width < trial.all.widthOfLabelsAlone)
    }

    @Test func aSmallBrandIsNoMoreUncertainThanWhatIsLeftUnseen() {
        let seed: UInt64 = 21
        let trial = CoverageTrial(brands: 1000, labels: 100, posts: 300, seed: seed)
        #expect((0.93...0.97).contains(trial.all.coverage), "\(trial.all), seed \(seed)")
    }

    @Test func whereAllPostsAreLabelledTheShareIsTheTruth() throws {
        let sample = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 2), (1, 1)].map {
            ShareCorrection.Item(choice: $0.0, label: $0.1)
        }
        let share = try #require(ShareCorrection(posts: [3, 3], sample: sample).share(of: 0))
        #expect([share.value, share.low, share.high].allSatisfy { abs($0 - 2.0 / 6) < 1e-12 })
    }

    @Test func aModelThatIsWrongInAKnownWayIsPutRight() throws {
        // The model calls everything of class 1 by turns 0 and 1; half of what it calls 0 is 1.
        let sample =
            (0..<100).map { ShareCorrection.Item(choice: 0, label: $0 % 2) }
            + (0..<50).map { _ in ShareCorrection.Item(choice: 1, label: 1) }
        let correction = ShareCorrection(posts: [20_000, 10_000], sample: sample)
        let share = try #require(correction.share(of: 1))
        #expect(abs(share.value - 2.0 / 3) < 1e-12)
        #expect(share.low < share.value && share.value < share.high && share.high - share.low < 0.2)
    }

    @Test func aClassNeverSeenIsNotCalledImpossible() throws {
        let sample = (0..<50).map { _ in ShareCorrection.Item(choice: 0, label: 0) }
        let share = try #require(ShareCorrection(posts: [5000, 0, 0], sample: sample).share(of: 2))
        #expect(share.value == 0 && share.low == 0)
        #expect(share.high > 0.05 && share.high < 0.09)
    }

    @Test func labelsThatStandForMorePostsCountForMore() throws {
        let sample =
            (0..<20).map { _ in ShareCorrection.Item(choice: 0, label: 0, weight: 3) }
            + (0..<20).map { _ in ShareCorrection.Item(choice: 0, label: 1, weight: 1) }
        let share = try #require(ShareCorrection(posts: [4000], sample: sample).share(of: 0))
        #expect(abs(share.value - 0.75) < 1e-12)
        let even = (0..<40).map { ShareCorrection.Item(choice: 0, label: $0 < 30 ? 0 : 1) }
        let plain = try #require(ShareCorrection(posts: [4000], sample: even).share(of: 0))
        #expect(share.high - share.low > plain.high - plain.low)
    }

    @Test func withoutLabelsNothingIsClaimed() {
        #expect(ShareCorrection(posts: [10, 10], sample: []).share(of: 0) == nil)
        #expect(ShareCorrection(posts: [0, 0], sample: []).share(of: 0) == nil)
    }
}

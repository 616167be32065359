import Domain
import Testing
import Training

@Suite struct EvaluationTests {
    @Test func marksFollowFromTheCounts() {
        // Truth 0: three of four found. Truth 1: one of two. Truth 2: none of one.
        let truth = [0, 0, 0, 0, 1, 1, 2]
        let chosen = [0, 0, 0, 1, 1, 0, 1]
        let matrix = ConfusionMatrix(truth: truth, chosen: chosen, classes: 3)
        #expect(matrix.counts == [[3, 1, 0], [1, 1, 0], [0, 1, 0]])
        #expect(abs(matrix.macroRecall - (0.75 + 0.5 + 0) / 3) < 1e-12)
        #expect(abs(matrix.accuracy - 4.0 / 7) < 1e-12)
        #expect(matrix.precision(of: 2) == nil)
        #expect(abs(matrix.f1(of: 0) - 0.75) < 1e-12)
        #expect(abs(matrix.macroF1 - (0.75 + 0.4 + 0) / 3) < 1e-12)
    }

    @Test func aClassWithoutItemsIsLeftOutOfMacroRecall() {
        #expect(ConfusionMatrix(truth: [0, 1], chosen: [0, 1], classes: 3).macroRecall == 1)
        #expect(ConfusionMatrix(classes: 3).macroRecall == 0)
    }

    @Test func honestProbabilitiesHaveNoCalibrationErrorAndBoastfulOnesHave() {
        // Of ten items given 0.8, eight are right.
        let labels = (0..<100).map { $0 % 10 < 8 ? 0 : 1 }
        let honest = Evaluation(probabilities: labels.map { _ in [0.8, 0.2] }, labels: labels, classes: 2)
        let boastful = Evaluation(probabilities: labels.map { _ in [0.99, 0.01] }, labels: labels, classes: 2)
        #expect(honest.calibrationError < 1e-9)
        #expect(abs(boastful.calibrationError - 0.19) < 1e-9)
        #expect(honest.logLoss < boastful.logLoss)
        #expect(abs(honest.meanProbabilities[0] - 0.8) < 1e-9)
    }

    @Test func theIntervalHoldsTheMarkAndNarrowsWithMoreItems() {
        func interval(_ count: Int) -> ClosedRange<Double> {
            let labels = (0..<count).map { $0 % 3 }
            let rows = labels.map { label in (0..<3).map { ($0 == (label == 2 ? 1 : label)) ? 0.9 : 0.05 } }
            let evaluation = Evaluation(probabilities: rows, labels: labels, classes: 3)
            #expect(evaluation.interval.contains(evaluation.mark))
            return evaluation.interval
        }
        func noisy(_ count: Int) -> Double {
            let labels = (0..<count).map { $0 % 2 }
            let rows = labels.indices.map { $0 % 5 == 0 ? [0.9, 0.1] : labels[$0] == 0 ? [0.9, 0.1] : [0.1, 0.9] }
            let range = Evaluation(probabilities: rows, labels: labels, classes: 2).interval
            return range.upperBound - range.lowerBound
        }
        #expect(interval(90).lowerBound > 0.6)
        #expect(noisy(200) < noisy(40))
    }

    @Test func sentimentsAreCountedByTheirLabels() {
        let sentiments = [
            Sentiment(negative: 0.7, positive: 0.1), Sentiment(negative: 0.1, positive: 0.8),
            Sentiment(negative: 0.2, positive: 0.2), Sentiment(negative: 0.6, positive: 0.3),
        ]
        let evaluation = Evaluation(sentiments: sentiments, labels: [0, 2, 1, 2])
        #expect(evaluation.confusion.counts == [[1, 0, 0], [0, 1, 0], [1, 0, 1]])
        #expect(abs(evaluation.meanProbabilities.reduce(0, +) - 1) < 1e-9)
    }
}

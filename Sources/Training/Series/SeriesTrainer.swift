package import Anomalies
internal import Neural

/// Trains the forecaster of `Anomalies` on simulated histories.
///
/// The input has seen the injected bursts, the answer has not: it learns what would have come without them, so that a
/// burst does not become its own excuse.
package struct SeriesTrainer {
    package struct Settings: Sendable {
        /// How many brands are invented.
        package var histories = 1500
        /// Days of each.
        package var days = 42
        package var epochs = 12
        package var seed: UInt64 = 1
        /// A window of so many is learned from: neighbours say nearly the same.
        package var stride = 16
        package var batch = 512
        package var rate: Float = 2e-3

        package init() {}
    }

    package struct Progress: Sendable {
        package let epoch: Int
        /// Mean loss of held-out brands per window, in nats.
        package let loss: Double
        /// That of the seasonal baseline with the one spread that suits it best.
        package let baseline: Double
    }

    struct Examples {
        var features: [Float] = []
        var logMeans: [Float] = []
        var counts: [Float] = []
        var count: Int { counts.count }
    }

    private let settings: Settings

    package init(settings: Settings = Settings()) { self.settings = settings }

    /// The grains are those of the product; five minutes comes most, as most series are watched by it.
    private static let grains: [Int64] = [300, 300, 300, 60, 3600]

    package func train(progress: (Progress) -> Void) -> Forecaster {
        var random = SplitMix(seed: settings.seed)
        var learned = Examples()
        var held = Examples()
        for index in 0..<settings.histories {
            let grain = Self.grains[index % Self.grains.count]
            let days = grain == 60 ? settings.days / 3 : grain == 3600 ? settings.days * 3 : settings.days
            let history = SimulatedHistory(
                grain: grain, windows: days * Int(86_400 / grain), using: &random)
            if index % 10 == 9 {
                gather(history, into: &held, &random)
            } else {
                gather(history, into: &learned, &random)
            }
        }
        let layers = fit(learned, held, &random, progress)
        return withPriors(Forecaster(layers, priors: .gauge), &random)
    }

    /// The forecaster's input at every so many windows, after two days.
    private func gather(_ history: SimulatedHistory, into examples: inout Examples, _ random: inout SplitMix) {
        let detector = Detector(SeriesProfile(kind: .count, direction: .up, grain: history.grain), nil)
        var state = detector.start()
        let warmUp = Int(2 * 86_400 / history.grain)
        for window in history.counts.indices {
            let start = history.start + Int64(window) * history.grain
            if window >= warmUp, random.next() % UInt64(settings.stride) == 0 {
                let input = detector.forecastInput(state, start: start)
                for index in 0..<Forecaster.inputs { examples.features.append(input.features[index]) }
                examples.logMeans.append(Elementary.logarithm(max(input.mean, 1e-6)))
                examples.counts.append(history.ordinary[window])
            }
            _ = detector.advance(&state, start: start, value: history.counts[window])
        }
    }

    private func fit(
        _ learned: Examples, _ held: Examples, _ random: inout SplitMix, _ progress: (Progress) -> Void
    ) -> [Linear] {
        let width = SmallNetwork.width
        var layers = [(width, Forecaster.inputs), (width, width), (2, width)].map { rows, columns in
            Linear(
                weight: Matrix(
                    rows: rows, columns: columns, deviation: (2 / Float(columns)).squareRoot(), using: &random),
                bias: [Float](repeating: 0, count: rows))
        }
        // It starts as the baseline itself, with a spread of 0.05.
        layers[2].weight = Matrix(rows: 2, columns: width, deviation: 0.01, using: &random)
        layers[2].bias = [0, -3]
        var optimisers = layers.map { (Adam(count: $0.weight.values.count), Adam(count: $0.bias.count)) }
        var order = Array(0..<learned.count)
        let steps = settings.epochs * (learned.count / settings.batch)
        var step = 0
        var best = (loss: Double.infinity, layers: layers)
        let baseline = Self.baselineLoss(held)
        for epoch in 1...settings.epochs {
            order.shuffle(using: &random)
            for first in stride(from: 0, to: order.count - settings.batch + 1, by: settings.batch) {
                let rows = order[first..<first + settings.batch]
                // The rate falls in a straight line to a twentieth.
                let rate = settings.rate * (1 - 0.95 * Float(step) / Float(max(steps, 1)))
                let gradients = Self.gradients(layers, learned, Array(rows))
                for layer in layers.indices {
                    optimisers[layer].0.step(&layers[layer].weight.values, gradients[layer].weight.values, rate: rate)
                    optimisers[layer].1.step(&layers[layer].bias, gradients[layer].bias, rate: rate)
                }
                step += 1
            }
            let loss = Self.loss(layers, held)
            if loss < best.loss { best = (loss, layers) }
            progress(Progress(epoch: epoch, loss: loss, baseline: baseline))
        }
        return best.layers
    }

    private static func rows(_ examples: Examples, _ rows: [Int]) -> Matrix {
        var matrix = Matrix(rows: rows.count, columns: Forecaster.inputs)
        for (index, row) in rows.enumerated() {
            let from = row * Forecaster.inputs
            let to = index * Forecaster.inputs
            for column in 0..<Forecaster.inputs { matrix.values[to + column] = examples.features[from + column] }
        }
        return matrix
    }

    private static func forward(_ layers: [Linear], _ x: Matrix) -> (Matrix, Matrix, Matrix) {
        let first = relu(layers[0](x))
        let second = relu(layers[1](first))
        return (first, second, layers[2](second))
    }

    private static func relu(_ x: Matrix) -> Matrix {
        Matrix(rows: x.rows, columns: x.columns, values: x.values.map { max($0, 0) })
    }

    /// The law that the network's outputs mean, and whether they lie within its bounds.
    private static func law(_ output: Matrix, _ row: Int, _ logMean: Float) -> (mean: Double, spread: Double) {
        let bound = Double(Forecaster.ratioBound)
        let range = Forecaster.spreadRange
        return (
            Double(logMean) + min(max(Double(output[row, 0]), -bound), bound),
            min(max(Double(output[row, 1]), Double(range.lowerBound)), Double(range.upperBound))
        )
    }

    private static func loss(_ layers: [Linear], _ examples: Examples) -> Double {
        var sum = 0.0
        for first in stride(from: 0, to: examples.count, by: 4096) {
            let rows = Array(first..<min(first + 4096, examples.count))
            let output = forward(layers, Self.rows(examples, rows)).2
            for (index, row) in rows.enumerated() {
                let law = law(output, index, examples.logMeans[row])
                sum +=
                    NegativeBinomialLoss.loss(
                        count: Double(examples.counts[row]), logMean: law.mean, logSpread: law.spread
                    ).value
            }
        }
        return sum / Double(max(examples.count, 1))
    }

    /// The loss of the seasonal baseline alone, whose spread is the best of a row of them.
    private static func baselineLoss(_ examples: Examples) -> Double {
        let losses = stride(from: -5.0, through: 1, by: 0.25).map { logSpread in
            (0..<examples.count).map { row in
                NegativeBinomialLoss.loss(
                    count: Double(examples.counts[row]), logMean: Double(examples.logMeans[row]), logSpread: logSpread
                ).value
            }.reduce(0, +)
        }
        return (losses.min() ?? 0) / Double(max(examples.count, 1))
    }

    private static func gradients(_ layers: [Linear], _ examples: Examples, _ rows: [Int]) -> [Linear] {
        let x = Self.rows(examples, rows)
        let (first, second, output) = forward(layers, x)
        var slope = Matrix(rows: rows.count, columns: 2)
        for (index, row) in rows.enumerated() {
            let law = law(output, index, examples.logMeans[row])
            let loss = NegativeBinomialLoss.loss(
                count: Double(examples.counts[row]), logMean: law.mean, logSpread: law.spread)
            // A single window pulls no harder than by three: outliers teach little about the ordinary.
            slope[index, 0] = Float(min(max(loss.mean, -3), 3)) / Float(rows.count)
            slope[index, 1] = Float(min(max(loss.spread, -3), 3)) / Float(rows.count)
        }
        let third = layers[2].backward(second, slope)
        let deeper = layers[1].backward(first, masked(third.x, by: second))
        let shallow = layers[0].backward(x, masked(deeper.x, by: first))
        return [shallow, deeper, third].map { Linear(weight: $0.weight, bias: $0.bias) }
    }

    private static func masked(_ slope: Matrix, by value: Matrix) -> Matrix {
        Matrix(
            rows: slope.rows, columns: slope.columns,
            values: zip(slope.values, value.values).map { $1 > 0 ? $0 : 0 })
    }

    /// Measures what surprise is usual: first by view, then, with that known, for all views together.
    private func withPriors(_ forecaster: Forecaster, _ random: inout SplitMix) -> Forecaster {
        let histories = (0..<max(settings.histories / 10, 8)).map { _ in
            SimulatedHistory(
                grain: 300, windows: settings.days * 288, burstsPerDay: 0, using: &random)
        }
        var forecaster = forecaster
        for _ in 0..<2 {
            var sum = UsualSurprise()
            for history in histories {
                let detector = Detector(SeriesProfile(kind: .count, direction: .up, grain: 300), forecaster)
                var state = detector.start()
                for (window, count) in history.counts.enumerated() {
                    let start = history.start + Int64(window) * 300
                    _ = detector.advance(&state, start: start, value: count)
                }
                sum.add(state)
            }
            forecaster.priors = sum.priors
        }
        return forecaster
    }
}

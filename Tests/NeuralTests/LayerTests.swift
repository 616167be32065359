import Foundation
import Neural
import Testing

/// Products, layers and their gradients, on sizes small enough to compute by hand or by differences.
@Suite struct LayerTests {
    static func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var random = SplitMix(seed: seed)
        return Matrix(rows: rows, columns: columns, deviation: 1, using: &random)
    }

    @Test func productsMatchTheDefinition() {
        let a = Self.matrix(3, 4, seed: 1)
        let b = Self.matrix(4, 2, seed: 2)
        let product = a.times(b)
        for row in 0..<3 {
            for column in 0..<2 {
                let wanted = (0..<4).reduce(Float(0)) { $0 + a[row, $1] * b[$1, column] }
                #expect(abs(product[row, column] - wanted) < 1e-5)
            }
        }
        #expect(close(a.timesTransposed(transposed(b)), product))
        #expect(close(transposed(a).transposedTimes(b), product))
    }

    @Test func matricesStandSideBySideAndComeApartAgain() {
        let (a, b) = (Self.matrix(3, 2, seed: 1), Self.matrix(3, 4, seed: 2))
        let joined = Matrix(beside: [a, b])
        #expect(joined[2, 1] == a[2, 1] && joined[2, 2] == b[2, 0])
        #expect(joined.columns(0..<2) == a && joined.columns(2..<6) == b)
    }

    @Test func anEmptyBagGivesZerosAndAFullOneTheMean() {
        var bags = Bags()
        bags.append([])
        bags.append([0, 2])
        let output = EmbeddingBag(table: Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5, 6]))(bags)
        #expect(output.values == [0, 0, 3, 4])
    }

    @Test func aConvolutionSeesTheRowsAroundAndLeavesTheEndsZero() {
        // One input, one filter: before · 1 + itself · 10 + behind · 100, plus 1000.
        let layer = Convolution(weight: Matrix(rows: 3, columns: 1, values: [1, 10, 100]), bias: [1000], span: 3)
        let y = layer(Matrix(rows: 4, columns: 1, values: [1, 2, 3, 4]))
        #expect(y.values == [0, 1321, 1432, 0])
    }

    @Test func maxPoolingTakesTheLargestPositiveValueOfEachSegment() {
        let x = Matrix(rows: 4, columns: 2, values: [1, -1, 5, -2, 2, 3, 9, 9])
        let output = MaxPool.forward(x, segments: [0..<2, 2..<3, 3..<3])
        #expect(output.values.values == [5, 0, 2, 3, 0, 0])
        let back = MaxPool.backward(output, Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5, 6]), rows: 4)
        #expect(back.values == [0, 0, 1, 0, 3, 4, 0, 0])
    }

    @Test func probabilitiesAddUpAndFollowTheLogits() {
        let p = Softmax.probabilities(Matrix(rows: 2, columns: 3, values: [0, 0, 0, 100, 0, -100]))
        #expect(p.values[0...2].allSatisfy { abs($0 - 1 / 3) < 1e-6 })
        #expect(abs(p[1, 0] - 1) < 1e-6 && p[1, 2] == 0)
    }

    @Test func theExponentialMatchesTheLibrary() {
        for step in 0...869 {
            let x = -Float(step) / 10
            let wanted = exp(Double(x))
            #expect(abs(Double(Softmax.exponential(x)) - wanted) <= 1e-6 * wanted, "at \(x)")
        }
        #expect(Softmax.exponential(0) == 1 && Softmax.exponential(-1000) == 0)
    }

    @Test func gradientsOfTheLinearLayerMatchDifferences() {
        let layer = Linear(weight: Self.matrix(3, 4, seed: 3), bias: [0.1, 0.2, 0.3])
        let x = Self.matrix(5, 4, seed: 4)
        let dy = Self.matrix(5, 3, seed: 5)
        let gradient = layer.backward(x, dy)
        expectGradient(gradient.x.values, of: x.values) { sum(layer(Matrix(rows: 5, columns: 4, values: $0)), dy) }
        expectGradient(gradient.weight.values, of: layer.weight.values) {
            sum(Linear(weight: Matrix(rows: 3, columns: 4, values: $0), bias: layer.bias)(x), dy)
        }
        expectGradient(gradient.bias, of: layer.bias) { sum(Linear(weight: layer.weight, bias: $0)(x), dy) }
    }

    @Test func gradientsOfTheConvolutionMatchDifferences() {
        let layer = Convolution(weight: Self.matrix(6, 3, seed: 6), bias: [0.1, -0.2, 0.3], span: 3)
        let x = Self.matrix(5, 2, seed: 7)
        var dy = Self.matrix(5, 3, seed: 8)
        // The padding rows of a batch never reach the loss.
        for column in 0..<3 { (dy[0, column], dy[4, column]) = (0, 0) }
        let gradient = layer.backward(x, dy)
        expectGradient(gradient.x.values, of: x.values) { sum(layer(Matrix(rows: 5, columns: 2, values: $0)), dy) }
        expectGradient(gradient.weight.values, of: layer.weight.values) {
            sum(Convolution(weight: Matrix(rows: 6, columns: 3, values: $0), bias: layer.bias, span: 3)(x), dy)
        }
        expectGradient(gradient.bias, of: layer.bias) { bias in
            sum(Convolution(weight: layer.weight, bias: bias, span: 3)(x), dy)
        }
    }

    @Test func gradientsOfTheEmbeddingMatchDifferencesAndResetToZero() {
        let layer = EmbeddingBag(table: Self.matrix(4, 2, seed: 9))
        var bags = Bags()
        bags.append([1, 1, 3])
        bags.append([])
        bags.append([0])
        let dy = Self.matrix(3, 2, seed: 10)
        var gradient = SparseGradient(rows: 4, width: 2)
        layer.backward(dy, bags, into: &gradient)
        #expect(gradient.touched == [1, 3, 0])
        expectGradient((0..<4).flatMap { Array(gradient[$0]) }, of: layer.table.values) {
            sum(EmbeddingBag(table: Matrix(rows: 4, columns: 2, values: $0))(bags), dy)
        }
        gradient.reset()
        #expect(gradient.touched.isEmpty)
        #expect((0..<4).allSatisfy { row in gradient[row].allSatisfy { $0 == 0 } })
    }

    @Test func oneSeedGivesOneSequence() {
        var first = SplitMix(seed: 42)
        var second = SplitMix(seed: 42)
        #expect((0..<100).allSatisfy { _ in first.next() == second.next() })
        let uniform = (0..<1000).map { _ in first.uniform() }
        #expect(uniform.allSatisfy { (0..<1).contains($0) })
    }

    private func transposed(_ x: Matrix) -> Matrix {
        var result = Matrix(rows: x.columns, columns: x.rows)
        for row in 0..<x.rows {
            for column in 0..<x.columns { result[column, row] = x[row, column] }
        }
        return result
    }

    private func close(_ left: Matrix, _ right: Matrix) -> Bool {
        zip(left.values, right.values).allSatisfy { abs($0 - $1) < 1e-5 }
    }

    /// A scalar loss whose gradient by `y` is `dy`.
    private func sum(_ y: Matrix, _ dy: Matrix) -> Double {
        zip(y.values, dy.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// Central differences of a loss that is linear in each parameter, so a wide step is exact but for rounding.
    private func expectGradient(_ gradient: [Float], of values: [Float], loss: ([Float]) -> Double) {
        for index in values.indices {
            var above = values
            var below = values
            above[index] += 0.5
            below[index] -= 0.5
            #expect(abs(Double(gradient[index]) - (loss(above) - loss(below))) < 1e-4, "parameter \(index)")
        }
    }
}

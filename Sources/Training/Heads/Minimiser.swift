/// Finds the lowest point of a smooth convex function: L-BFGS with a backtracking line search.
///
/// Deterministic: the same function gives the same bits.
enum Minimiser {
    /// Pairs of steps that the curvature is remembered by.
    private static let memory = 8

    /// - Parameter function: the value at a point; its second argument receives the gradient.
    static func minimum(
        from start: [Double], steps: Int = 200, tolerance: Double = 1e-5,
        of function: (_ point: [Double], _ gradient: inout [Double]) -> Double
    ) -> [Double] {
        var point = start
        var gradient = [Double](repeating: 0, count: point.count)
        var value = function(point, &gradient)
        var moves: [(step: [Double], change: [Double], scale: Double)] = []
        for _ in 0..<steps {
            guard length(gradient) > tolerance * max(1, length(point)) else { break }
            let direction = descent(gradient, moves)
            let slope = dot(direction, gradient)
            // Rounding has eaten the direction: there is nothing left to gain.
            guard slope < 0 else { break }
            var size = moves.isEmpty ? min(1, 1 / length(gradient)) : 1
            var next = point
            var nextGradient = gradient
            var nextValue = value
            repeat {
                for index in point.indices { next[index] = point[index] + size * direction[index] }
                nextValue = function(next, &nextGradient)
                if nextValue <= value + 1e-4 * size * slope { break }
                size /= 2
            } while size > 1e-10
            guard nextValue < value else { break }
            let step = zip(next, point).map { $0 - $1 }
            let change = zip(nextGradient, gradient).map { $0 - $1 }
            let curvature = dot(step, change)
            if curvature > 0 {
                moves.append((step, change, 1 / curvature))
                if moves.count > memory { moves.removeFirst() }
            }
            (point, gradient, value) = (next, nextGradient, nextValue)
        }
        return point
    }

    /// The two-loop recursion of Nocedal and Wright.
    private static func descent(
        _ gradient: [Double], _ moves: [(step: [Double], change: [Double], scale: Double)]
    ) -> [Double] {
        var direction = gradient.map { -$0 }
        var shares: [Double] = []
        for move in moves.reversed() {
            let share = move.scale * dot(move.step, direction)
            shares.append(share)
            add(move.change, -share, to: &direction)
        }
        if let last = moves.last {
            let scale = 1 / (last.scale * dot(last.change, last.change))
            for index in direction.indices { direction[index] *= scale }
        }
        for (move, share) in zip(moves, shares.reversed()) {
            add(move.step, share - move.scale * dot(move.change, direction), to: &direction)
        }
        return direction
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for index in left.indices { sum += left[index] * right[index] }
        return sum
    }

    private static func add(_ vector: [Double], _ factor: Double, to sum: inout [Double]) {
        for index in sum.indices { sum[index] += factor * vector[index] }
    }

    private static func length(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
}

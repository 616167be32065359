/// Brings long series down to what a picture can show, so that no spike vanishes.
///
/// Of each column of pixels the first, lowest, highest and last point stay: the line through them covers the same pixels as
/// the line through all (Jugel et al., "M4: a visualization-oriented time series data aggregation", 2014).
enum Thinning {
    /// - Parameter points: left to right.
    static func thinned(_ points: [Point], column: Double) -> [Point] {
        guard points.count > 4, let origin = points.first?.x else { return points }
        var result: [Point] = []
        var start = 0
        while start < points.count {
            let place = ((points[start].x - origin) / column).rounded(.down)
            var (lowest, highest, last) = (start, start, start)
            while last + 1 < points.count, ((points[last + 1].x - origin) / column).rounded(.down) == place {
                last += 1
                if points[last].y > points[lowest].y { lowest = last }
                if points[last].y < points[highest].y { highest = last }
            }
            var previous = -1
            for index in [start, min(lowest, highest), max(lowest, highest), last] where index != previous {
                result.append(points[index])
                previous = index
            }
            start = last + 1
        }
        return result
    }

    /// Of each column the lowest bottom and the highest top.
    static func thinned(_ strip: [StripColumn], column: Double) -> [StripColumn] {
        guard strip.count > 2, let first = strip.first, let last = strip.last else { return strip }
        guard Double(strip.count) * column > last.x - first.x else { return strip }
        var result: [StripColumn] = []
        var place = -1.0
        for item in strip {
            let own = ((item.x - first.x) / column).rounded(.down)
            if own == place, var open = result.popLast() {
                open.top = min(open.top, item.top)
                open.bottom = max(open.bottom, item.bottom)
                result.append(open)
            } else {
                result.append(item)
                place = own
            }
        }
        // The strip reaches as far as it did.
        if let end = result.last, end.x < last.x {
            result.append(StripColumn(x: last.x, top: end.top, bottom: end.bottom))
        }
        return result
    }
}

/// A chart of characters: the series in Braille dots, axes in box lines, areas as shades.
struct TerminalCanvas: Canvas {
    let metrics: CanvasMetrics
    private let columns: Int
    private let rows: Int
    private let isColoured: Bool
    private var cells: [Cell]

    private struct Cell {
        /// Bits of the Braille pattern.
        var dots: UInt8 = 0
        /// Which ways box lines leave: up 1, down 2, left 4, right 8.
        var ways: Int = 0
        var shade: Ink?
        var text: String?
        var lettering = Lettering.plain
        /// The second half of a wide character.
        var isTaken = false
    }

    init(columns: Int, rows: Int, isColoured: Bool) {
        self.columns = columns
        self.rows = rows
        self.isColoured = isColoured
        cells = Array(repeating: Cell(), count: columns * rows)
        // A column of dots is half a cell wide; an axis stands in the cell beside the plot.
        metrics = CanvasMetrics(
            width: Double(columns), height: Double(rows), row: 1, gap: 2, tick: 0.5, axis: 0.5, margin: 0, column: 0.5,
            dot: Point(x: 0.5, y: 0.25))
    }

    func width(of text: String, _ lettering: Lettering) -> Double { Double(CellWidth.of(text)) }

    mutating func fill(_ box: Box, _ ink: Ink) {
        // Cells whose middle lies in the box; one at least.
        let left = Int((box.left + (box.width < 1 ? 0 : 0.5)).rounded(.down))
        let right = max(Int((box.right + 0.5).rounded(.down)), left + 1)
        let top = Int((box.top + (box.height < 1 ? 0 : 0.5)).rounded(.down))
        let bottom = max(Int((box.bottom + 0.5).rounded(.down)), top + 1)
        for row in top..<bottom { for column in left..<right { change(column, row) { $0.shade = ink } } }
    }

    mutating func fill(_ strip: [StripColumn], _ ink: Ink) {
        guard let first = strip.first else { return }
        func paint(_ column: Int, _ top: Double, _ bottom: Double) {
            fill(Box(left: Double(column), top: top, right: Double(column) + 0.9, bottom: bottom), ink)
        }
        if strip.count == 1 { paint(Int(first.x), first.top, first.bottom) }
        for (from, to) in zip(strip, strip.dropFirst()) {
            // Each cell that the piece touches, at the height where its middle lies.
            for column in Int(from.x)...max(Int(from.x), Int(to.x)) {
                let place = min(max(Double(column) + 0.5, from.x), to.x)
                let share = to.x > from.x ? (place - from.x) / (to.x - from.x) : 0
                paint(column, from.top + share * (to.top - from.top), from.bottom + share * (to.bottom - from.bottom))
            }
        }
    }

    mutating func join(_ points: [Point], _ ink: Ink) {
        guard let first = points.first else { return }
        if points.count == 1 { dot(Self.place(first.x, 2), Self.place(first.y, 4)) }
        for (from, to) in zip(points, points.dropFirst()) { segment(from, to) }
    }

    /// By Bresenham's way, on dots.
    private mutating func segment(_ from: Point, _ to: Point) {
        var (x, y) = (Self.place(from.x, 2), Self.place(from.y, 4))
        let (endX, endY) = (Self.place(to.x, 2), Self.place(to.y, 4))
        let (width, height) = (abs(endX - x), abs(endY - y))
        var error = width - height
        while true {
            dot(x, y)
            if x == endX && y == endY { return }
            let doubled = 2 * error
            if doubled > -height {
                error -= height
                x += endX > x ? 1 : -1
            }
            if doubled < width {
                error += width
                y += endY > y ? 1 : -1
            }
        }
    }

    private static func place(_ value: Double, _ dots: Double) -> Int { Int((value * dots).rounded()) }

    private mutating func dot(_ x: Int, _ y: Int) {
        guard x >= 0, y >= 0 else { return }
        // The first six dots of a pattern go down the left and then the right; the lowest two came later.
        let bit = [[0, 1, 2, 6], [3, 4, 5, 7]][x % 2][y % 4]
        change(x / 2, y / 4) { $0.dots |= 1 << bit }
    }

    mutating func rule(_ from: Point, _ to: Point, _ ink: Ink) {
        // A grid would hide the dots.
        guard ink == .axis else { return }
        if from.y == to.y {
            for half in Int((from.x * 2).rounded())..<max(Int((to.x * 2).rounded()), Int((from.x * 2).rounded())) {
                change(half / 2, Int(from.y)) { $0.ways |= half % 2 == 0 ? 4 : 8 }
            }
        } else {
            for half in Int((from.y * 2).rounded())..<max(Int((to.y * 2).rounded()), Int((from.y * 2).rounded())) {
                change(Int(from.x), half / 2) { $0.ways |= half % 2 == 0 ? 1 : 2 }
            }
        }
    }

    mutating func write(_ text: String, at point: Point, _ anchor: Anchor, _ lettering: Lettering) {
        let width = Double(CellWidth.of(text))
        let start =
            switch anchor {
            case .start: point.x
            case .middle: point.x - width / 2
            case .end: point.x - width
            }
        var column = max(Int(start.rounded()), 0)
        for character in text {
            let width = CellWidth.of(character)
            guard width > 0, column + width <= columns else { continue }
            change(column, Int(point.y)) {
                $0.text = String(character)
                $0.lettering = lettering
            }
            if width == 2 { change(column + 1, Int(point.y)) { $0.isTaken = true } }
            column += width
        }
    }

    private mutating func change(_ column: Int, _ row: Int, _ change: (inout Cell) -> Void) {
        guard column >= 0, column < columns, row >= 0, row < rows else { return }
        change(&cells[row * columns + column])
    }
}

extension TerminalCanvas {
    private static let boxes = Array(" ╵╷│╴┘┐┤╶└┌├─┴┬┼")

    /// The rows, each ending in a newline; without colours each as wide as its last mark.
    var text: String {
        var result = ""
        for row in 0..<rows {
            var line = ""
            var style = ""
            for cell in cells[row * columns..<(row + 1) * columns] where !cell.isTaken {
                let next = isColoured ? Self.style(of: cell) : ""
                if next != style { line += "\u{1B}[0\(next)m" }
                style = next
                line += Self.mark(of: cell, isColoured)
            }
            if !style.isEmpty { line += "\u{1B}[0m" }
            while line.last == " " { line.removeLast() }
            result += line + "\n"
        }
        return result
    }

    private static func mark(of cell: Cell, _ isColoured: Bool) -> String {
        if let text = cell.text { return text }
        if cell.dots != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(cell.dots)) { return String(scalar) }
        if cell.ways != 0 { return String(boxes[cell.ways]) }
        guard let shade = cell.shade, !isColoured else { return " " }
        return shade == .band ? "░" : "▒"
    }

    /// Of the 256 colours, those near Okabe's and Ito's; dark letters stand on light shades.
    private static func style(of cell: Cell) -> String {
        let paper =
            switch cell.shade {
            case .band: ";48;5;153"
            case .incident: ";48;5;222"
            default: ""
            }
        if cell.text != nil {
            switch cell.lettering {
            case .title: return ";1" + paper
            case .label: return ";1;38;5;166" + paper
            case .plain, .faint: return paper
            }
        }
        return (cell.dots != 0 ? paper.isEmpty ? ";38;5;32" : ";38;5;25" : "") + paper
    }
}

extension Chart {
    /// The chart in characters.
    ///
    /// - Parameters:
    ///   - columns: its width in cells, 30 at least.
    ///   - rows: its height, 10 at least.
    ///   - isColoured: with ANSI's 256 colours.
    package func terminal(columns: Int = 80, rows: Int = 20, isColoured: Bool = false) -> String {
        var canvas = TerminalCanvas(columns: max(columns, 30), rows: max(rows, 10), isColoured: isColoured)
        ChartLayout(self, on: canvas).draw(on: &canvas)
        return canvas.text
    }
}

/// The lines that Prometheus reads: `HELP`, `TYPE` and one line for each series.
///
/// Source: Prometheus, "Exposition formats", text format 0.0.4.
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func begin(_ name: String, _ kind: MetricKind, help: String?) {
        if let help { text += "# HELP \(name) \(Self.escaped(help))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func add(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// `lane="bulk",class="transient"`, sorted by label, so that the order given makes no second series.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { (name($0), $1) }.sorted { $0.0 < $1.0 }
            .map { "\($0)=\"\(escaped($1).replacing("\"", with: "\\\""))\"" }.joined(separator: ",")
    }

    /// Every character that a name may not hold becomes an underscore; a first digit gets one before it.
    static func name(_ label: String) -> String {
        let name = String(
            label.unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == ":")
                    ? Character(scalar) : "_"
            })
        return name.first.map { $0.isNumber ? "_\(name)" : name } ?? "_"
    }

    /// Whole numbers without a fraction, as people expect of counts.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }
}

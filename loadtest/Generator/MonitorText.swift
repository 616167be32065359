/// The monitor file that counts what a scenario generates.
package enum MonitorText {
    /// YAML with one brand and query for each of the scenario's brands.
    ///
    /// - Parameter alerts: lines that follow `alerts:`, or `nil` for a monitor that watches nothing.
    package static func yaml(for scenario: Scenario, model: String = "fast", alerts: [String]? = nil) -> String {
        var text = """
            # Monitor of the generated scenario '\(scenario.name)'.
            name: \(scenario.name)
            model: \(model)
            languages: [\(scenario.languages.map(\.language).joined(separator: ", "))]
            windows: [minute, hour, day]

            """
        if let alerts { text += (["alerts:"] + alerts.map { "  \($0)" }).joined(separator: "\n") + "\n" }
        text += "brands:\n"
        for brand in scenario.brands {
            // A name of several words is a phrase.
            let words = brand.name.contains(" ") ? "\"\(brand.name)\"" : brand.name
            text += "  - name: \(brand.name)\n"
            text += "    query: '\(words) OR @\(brand.handle) OR #\(brand.handle)'\n"
        }
        return text
    }
}

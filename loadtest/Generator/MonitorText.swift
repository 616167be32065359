/// The monitor file that counts what a scenario generates.
package enum MonitorText {
    /// YAML with one brand and query for each of the scenario's brands.
    package static func yaml(for scenario: Scenario, model: String = "fast") -> String {
        var text = """
            # Monitor of the generated scenario '\(scenario.name)'.
            name: \(scenario.name)
            model: \(model)
            languages: [\(scenario.languages.map(\.language).joined(separator: ", "))]
            windows: [minute, hour, day]
            brands:

            """
        for brand in scenario.brands {
            // A name of several words is a phrase.
            let words = brand.name.contains(" ") ? "\"\(brand.name)\"" : brand.name
            text += "  - name: \(brand.name)\n"
            text += "    query: '\(words) OR @\(brand.handle) OR #\(brand.handle)'\n"
        }
        return text
    }
}

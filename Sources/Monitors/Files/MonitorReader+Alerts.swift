import Anomalies
import Domain
import Yams

/// The part `alerts` of a monitor file.
extension MonitorReader {
    private static let keys = [
        "budget", "window", "metrics", "platforms", "deliver", "only", "min_posts", "max_age", "events", "quiet",
    ]

    /// - Parameter grains: the windows that the monitor keeps.
    mutating func alerts(_ node: Node, grains: [Grain], hasModel: Bool) -> AlertSettings? {
        guard let entries = entries(of: node, "alerts", keys: Self.keys) else { return nil }
        var settings = AlertSettings()
        if let node = entries["budget"] { settings.budget = budget(node) ?? settings.budget }
        settings.seconds = window(entries["window"], grains, at: node)
        if !hasModel { settings.metrics = [.mentions] }
        if let node = entries["metrics"] {
            let names = choices(node, "metrics", among: SeriesMetric.allCases.map(\.name))
            let metrics = SeriesMetric.allCases.filter { names.contains($0.name) }
            if !metrics.isEmpty { settings.metrics = metrics }
            for metric in metrics where !hasModel && (metric == .negativeShare || metric == .netSentiment) {
                note("\(metric.name) needs a model: not 'model: none'", at: node)
            }
        }
        if let node = entries["platforms"] {
            let names = choices(node, "platforms", among: Platform.allCases.map(\.name))
            settings.platforms = names.compactMap { Platform(name: $0) }
        }
        if let node = entries["deliver"] { settings.channels = channels(node) }
        rules(entries, &settings.rules)
        return settings
    }

    private mutating func rules(_ entries: [String: Node], _ rules: inout AlertRules) {
        if let node = entries["only"] {
            let name = choice(node, "only", among: AlertRules.Only.allCases.map(\.rawValue))
            rules.only = name.flatMap(AlertRules.Only.init(rawValue:)) ?? .all
        }
        if let node = entries["min_posts"], let text = text(node, "min_posts") {
            if let number = Int64(text), number >= 0 {
                rules.minPosts = number
            } else {
                note("min_posts must be a whole number, not '\(text.prefix(40))'", at: node)
            }
        }
        if let node = entries["max_age"] { rules.maxAge = age(node) ?? rules.maxAge }
        if let node = entries["events"] {
            let names = choices(node, "events", among: AlertMessage.Event.allCases.map(\.rawValue))
            rules.events = Set(names.compactMap(AlertMessage.Event.init(rawValue:)))
        }
        if let node = entries["quiet"] { rules.quietHours = quiet(node) }
    }

    private mutating func budget(_ node: Node) -> AlertBudget? {
        guard let text = text(node, "budget") else { return nil }
        guard let budget = AlertBudget(text) else {
            note("budget cannot be '\(text.prefix(40))': write it as in '2 per week' or '0.3 per day'", at: node)
            return nil
        }
        return budget
    }

    private mutating func window(_ node: Node?, _ grains: [Grain], at alerts: Node) -> Int64 {
        let usual = AlertSettings().seconds
        guard let node else {
            if !grains.contains(.hour) {
                note("alerts need hours among 'windows', or a 'window' of their own", at: alerts)
            }
            return usual
        }
        guard let name = choice(node, "window", among: AlertSettings.windows.map(\.name)),
            let seconds = AlertSettings.windows.first(where: { $0.name == name })?.seconds
        else { return usual }
        let needed = Grain.allCases.last { $0.seconds <= seconds } ?? .minute
        if !grains.contains(needed) { note("a window of \(name) needs '\(needed.name)' among 'windows'", at: node) }
        return seconds
    }

    private mutating func channels(_ node: Node) -> [String] {
        var channels: [String] = []
        for item in items(of: node, "deliver") ?? [] {
            guard let name = name(item, "a channel") else { continue }
            if channels.contains(name) { note("channel '\(name)' is there already", at: item) }
            // As the operators' channels file has it.
            if name.utf8.count > 60 || !name.utf8.allSatisfy({ ByteClass.isWord($0) || $0 == 0x2D || $0 == 0x2E }) {
                note("'\(name.prefix(60))' is no channel: letters, digits, '-', '_' and '.', at most 60", at: item)
            }
            channels.append(name)
        }
        return channels
    }

    private mutating func age(_ node: Node) -> Duration? {
        guard let text = text(node, "max_age") else { return nil }
        let parts = text.split(separator: " ")
        let units = ["hour": 3600.0, "hours": 3600, "day": 86_400, "days": 86_400]
        guard parts.count == 2, let count = Double(parts[0]), let unit = units[String(parts[1])],
            (0...100_000).contains(count)
        else {
            note("max_age cannot be '\(text.prefix(40))': write it as in '6 hours' or '2 days'", at: node)
            return nil
        }
        return .seconds(count * unit)
    }

    private mutating func quiet(_ node: Node) -> QuietHours? {
        let required: Set = ["from", "to", "zone"]
        guard let entries = entries(of: node, "quiet", keys: ["from", "to", "zone", "days"], required: required),
            let from = entries["from"].flatMap({ text($0, "from") }),
            let to = entries["to"].flatMap({ text($0, "to") }),
            let zone = entries["zone"].flatMap({ text($0, "zone") })
        else { return nil }
        var days: [String] = []
        for item in entries["days"].flatMap({ items(of: $0, "days") }) ?? [] {
            if let day = text(item, "a day") { days.append(day) }
        }
        do {
            return try QuietHours(from: from, to: to, zone: zone, days: days)
        } catch {
            note("quiet: \(error)", at: node)
            return nil
        }
    }
}

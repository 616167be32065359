import Text

/// The texts of one task in one split of a data set.
struct TaskSplit: Equatable {
    let task: TextTask
    var texts: [String] = []
    /// Class numbers; `nil` when the split comes without.
    var labels: [Int]?
    /// What each text is about; empty for tasks without a target.
    var targets: [String] = []

    /// In the order of their first texts.
    var distinctTargets: [String] {
        var seen: Set<String> = []
        return targets.filter { seen.insert($0).inserted }
    }
}

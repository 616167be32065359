/// Makes a failing history short: what a person has to read is the few steps that matter.
///
/// Takes away runs of steps, half of them first and single ones last, as long as what is left still fails. The result is
/// minimal unless the budget ran out: without any one of its steps it passes.
///
/// Source: A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002.
///
/// - Parameters:
///   - steps: a list that fails.
///   - budget: tries at most.
///   - fails: plays a list from a clean beginning.
package func shrink<Step>(
    _ steps: [Step], budget: Int = 500, fails: ([Step]) async throws -> Bool
) async rethrows -> [Step] {
    var kept = steps
    var tries = 0
    var size = max(1, kept.count / 2)
    while true {
        var start = 0
        var didShrink = false
        while start < kept.count, tries < budget {
            var fewer = kept
            fewer.removeSubrange(start..<min(start + size, kept.count))
            tries += 1
            if try await fails(fewer) {
                kept = fewer
                didShrink = true
            } else {
                start += size
            }
        }
        // Single steps are tried again until none can go: taking one away may have freed another.
        if tries >= budget || (size == 1 && !didShrink) { return kept }
        if size > 1 { size /= 2 }
    }
}

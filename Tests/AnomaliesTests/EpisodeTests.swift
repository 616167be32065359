import Anomalies
import Foundation
import Testing

struct EpisodeTests {
    private let threshold = AlertBudget.usual.severity

    /// Feeds return periods in days, one per five-minute window, and gives back what happened by window.
    private func play(_ days: [Double], drops: Set<Int> = []) -> [(window: Int, event: EpisodeMachine.Event)] {
        var machine = EpisodeMachine()
        var happened: [(Int, EpisodeMachine.Event)] = []
        for (window, days) in days.enumerated() {
            let surprise = Surprise(
                logReturnDays: days > 0 ? Elementary.logarithm(Float(days)) : -.infinity,
                isDrop: drops.contains(window), expected: 10, deviation: 3)
            let events = machine.advance(
                start: Int64(window) * 300, grain: 300, value: 50, surprise: surprise, threshold: threshold)
            happened += events.map { (window, $0) }
        }
        return happened
    }

    private func name(_ event: EpisodeMachine.Event) -> String {
        switch event {
        case .opened: "opened"
        case .grew: "grew"
        case .peaked: "peaked"
        case .closed: "closed"
        }
    }

    @Test func anEpisodeOpensGrowsPeaksAndCloses() {
        let days = [0, 0, 10, 50, 400] + [Double](repeating: 0.1, count: 60)
        let happened = play(days)
        #expect(happened.map { name($0.event) } == ["opened", "grew", "grew", "peaked", "closed"])
        let last = happened[4].event.episode
        #expect(last.start == 600 && last.peak == 1200 && last.end == 1500)
        // Three windows of 50 where 10 were expected; the quiet ones after them are not counted.
        #expect(last.value == 150 && last.expected == 30 && last.excess == 120)
        #expect(happened[3].window == 4 + 12)
        #expect(happened[4].window == 4 + 36)
    }

    @Test func aDipOfAnHourDoesNotSplitAnEpisode() {
        let days = [10, 20] + [Double](repeating: 0.1, count: 12) + [15, 10] + [Double](repeating: 0.1, count: 40)
        #expect(play(days).count { name($0.event) == "opened" } == 1)
    }

    @Test func anAftershockOpensNoAlertUntilThePeakHasFaded() {
        let quiet = [Double](repeating: 0.1, count: 72)
        let soon = play([400] + quiet + [20] + quiet)
        #expect(soon.count { name($0.event) == "opened" } == 1)
        let late = play([400] + [Double](repeating: 0.1, count: 288) + [20] + quiet)
        #expect(late.count { name($0.event) == "opened" } == 2)
    }

    @Test func aFallDoesNotProlongARise() {
        let happened = play([50] + [Double](repeating: 30, count: 60), drops: Set(1...60))
        #expect(happened.contains { name($0.event) == "closed" })
    }

    @Test func aStoredMachineGoesOnAsIfItHadNeverRested() throws {
        var live = EpisodeMachine()
        var rested = EpisodeMachine()
        for window in 0..<200 {
            rested = try JSONDecoder().decode(EpisodeMachine.self, from: JSONEncoder().encode(rested))
            let surprise = Surprise(
                logReturnDays: Float(window % 67) / 16, isDrop: false, expected: 10.3, deviation: 3)
            func step(_ machine: inout EpisodeMachine) -> [EpisodeMachine.Event] {
                machine.advance(
                    start: Int64(window) * 300, grain: 300, value: 17.1, surprise: surprise, threshold: threshold)
            }
            #expect(step(&rested) == step(&live))
        }
        #expect(rested == live)
    }

    @Test(arguments: [("2 per week", 2.0 / 7), ("0.3 per day", 0.3), ("1 per Month", 1.0 / 30)])
    func aBudgetReadsAsItIsSpoken(text: String, perDay: Double) throws {
        let budget = try #require(AlertBudget(text))
        #expect(abs(budget.perDay - perDay) < 1e-12)
        #expect(AlertBudget(budget.description) == budget)
    }

    @Test(arguments: ["", "2", "per week", "-1 per day", "0 per day", "2 a week", "nan per day", "inf per day"])
    func nonsenseIsNoBudget(text: String) { #expect(AlertBudget(text) == nil) }
}

import Harness
import Testing

@Suite struct ShrinkerTests {
    @Test func onlyTheStepsThatMatterAreLeft() async throws {
        var tries = 0
        let short = await shrink(Array(0..<100)) { steps in
            tries += 1
            return steps.contains(17) && steps.contains(3) && steps.contains(88)
        }
        #expect(short == [3, 17, 88])
        #expect(tries < 120)
    }

    @Test func whatIsLeftIsMinimalWhereStepsDependOnEachOther() async throws {
        // Fails with an even number of steps, at least four: no single step can go from what is left.
        let short = await shrink(Array(0..<64)) { $0.count >= 4 && $0.count.isMultiple(of: 2) }
        #expect(short.count == 4)
    }

    @Test func theBudgetBoundsTheTries() async throws {
        var tries = 0
        let short = await shrink(Array(0..<1000), budget: 20) { steps in
            tries += 1
            return steps.count > 1
        }
        #expect(tries == 20 && short.count > 1)
    }
}

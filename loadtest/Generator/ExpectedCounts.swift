/// What a correct count of the generated posts must give, exactly.
package struct ExpectedCounts: Equatable, Sendable {
    package internal(set) var posts = 0
    /// Posts that name at least one brand.
    package internal(set) var naming = 0
    /// Posts per brand (index in the scenario).
    ///
    /// A post that names two brands counts for both.
    package internal(set) var perBrand: [Int]
    /// Posts per brand and day since the scenario's start.
    package internal(set) var perBrandAndDay: [[Int]]
    /// Posts per brand, day and the mood they were written in: negative (irony too), neutral, positive.
    ///
    /// What was meant, not what a model will say.
    package internal(set) var moods: [[[Int]]]
    package internal(set) var bytes = 0

    init(brands: Int, days: Int) {
        perBrand = .init(repeating: 0, count: brands)
        perBrandAndDay = .init(repeating: .init(repeating: 0, count: days), count: brands)
        moods = .init(repeating: .init(repeating: [0, 0, 0], count: days), count: brands)
    }

    mutating func add(_ named: NamedBrands, day: Int, mood: Int) {
        posts += 1
        if named.first >= 0 { naming += 1 }
        add(brand: named.first, day: day, mood: mood)
        add(brand: named.second, day: day, mood: mood)
    }

    private mutating func add(brand: Int, day: Int, mood: Int) {
        guard brand >= 0 else { return }
        perBrand[brand] += 1
        perBrandAndDay[brand][day] += 1
        moods[brand][day][mood] += 1
    }
}

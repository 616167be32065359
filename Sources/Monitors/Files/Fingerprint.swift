import Domain

/// A short stable hash of what a monitor means: 64-bit FNV-1a over its parts, each with its length before it.
///
/// Queries enter in their canonical spelling, languages, windows and mappings sorted. Brands keep their order, since rollups
/// name them by index. It tells versions apart; it is no defence against forgery.
struct Fingerprint {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    var hexadecimal: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    init(of draft: MonitorDraft) {
        add("monitor 1")
        add(draft.name)
        add("\(draft.brands.count)")
        for brand in draft.brands {
            add(brand.name)
            add(brand.query.description)
            guard let head = brand.head else { continue }
            add("head")
            add(head)
        }
        add(draft.languages.sorted().joined(separator: ","))
        add(draft.windows.map(\.name).joined(separator: ","))
        add(draft.model.rawValue)
        add("\(draft.unsureBelow)")
        // Only where it differs from what was always done, so that older files keep their version.
        if draft.explain != .examples { add("explain \(draft.explain.rawValue)") }
        // Whether, not how: voices are kept for alerts, and all else of them may change while a live job goes on.
        if draft.alerts != nil { add("alerts") }
        guard let source = draft.source else { return }
        add(source.format.map { "\($0)" } ?? "")
        add(source.platform?.name ?? "")
        for (target, path) in source.fields.sorted(by: { $0.key < $1.key }) {
            add(target)
            add(path)
        }
        for (target, replacements) in source.values.sorted(by: { $0.key < $1.key }) {
            add("values")
            add(target)
            for (from, to) in replacements.sorted(by: { $0.key < $1.key }) {
                add(from)
                add(to)
            }
        }
    }

    private mutating func add(_ part: String) {
        for byte in "\(part.utf8.count):".utf8 { add(byte) }
        for byte in part.utf8 { add(byte) }
    }

    private mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
}

import Domain
import SwiftProtobuf

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Partial {
    /// The newest version of the message that is read and written; raised when an older reader must not read it.
    static let wireVersion: UInt32 = 2

    /// The partial as a `groundswell.trends.v1.Partial` message, not compressed.
    ///
    /// Equal partials give equal bytes.
    package func encoded() throws(PartialError) -> [UInt8] {
        var languages = WireTexts()
        let rollupLanguages = rollups.keys.map { languages.intern($0.language) }
        let termLanguages = terms.keys.map { languages.intern($0.language) }
        let sampleLanguages = examples.keys.map { languages.intern($0.language) }
        languages.sort()

        var wire = WirePartial()
        // The lowest version that tells it all: while releases are mixed, older reducers go on with what they can read.
        wire.version = rollups.values.contains { !$0.readings.isZero } ? 2 : 1
        wire.totals = WireTotals(totals)
        wire.languages = languages.texts
        if !rollups.isEmpty { wire.rollups = WireRollups(rollups, languages, rollupLanguages) }
        if !terms.isEmpty { wire.terms = WireTerms(terms, languages, termLanguages) }
        let samples = zip(examples, sampleLanguages).map { entry, language in
            WireSample(entry.key, entry.value, language: languages.place(of: language))
        }
        wire.samples = samples.sorted { left, right in
            left.start != right.start
                ? left.start < right.start
                : (left.brand, left.platform, left.language) < (right.brand, right.platform, right.language)
        }
        wire.quarantine = quarantine.map(WireQuarantined.init)
        wire.voices = voices.sorted { $0.key < $1.key }.map { WireVoices($0.key, $0.value) }
        do {
            return try wire.serializedBytes()
        } catch {
            throw .unwritable("\(error)")
        }
    }

    /// Reads an encoded partial and checks every row, so that a damaged one is refused and never counted in part.
    ///
    /// Fields that a newer release of the same version added are passed over.
    package init(encoded bytes: [UInt8]) throws(PartialError) {
        let wire: WirePartial
        do {
            wire = try WirePartial(serializedBytes: bytes)
        } catch {
            throw .unreadable("\(error)")
        }
        guard wire.version <= Self.wireVersion else {
            throw .newerVersion(found: wire.version, known: Self.wireVersion)
        }
        guard wire.version > 0 else { throw .invalid("no version") }
        let keys = WireKey(languages: wire.languages)
        self.init()
        totals = try ShardTotals(wire.totals)
        if wire.hasRollups { rollups = try wire.rollups.rows(keys) }
        if wire.hasTerms { terms = try wire.terms.rows(keys) }
        for sample in wire.samples {
            let key = try sample.key(keys)
            guard examples.updateValue(try sample.sample(), forKey: key) == nil else {
                throw .invalid("sample \(key) comes twice")
            }
        }
        for heard in wire.voices {
            let key = try heard.key(keys)
            guard voices.updateValue(try heard.voices(), forKey: key) == nil else {
                throw .invalid("the voices of \(key) come twice")
            }
        }
        for record in wire.quarantine { quarantine.append(try record.record()) }
        quarantine.sort { $0.comes(before: $1) }
    }
}

extension WireTotals {
    init(_ totals: ShardTotals) {
        self.init()
        records = totals.records
        posts = totals.posts
        matched = totals.matched
        mentions = totals.mentions
        duplicates = totals.duplicates
        filtered = totals.filtered
        deletions = totals.deletions
        quarantined = totals.quarantined
        bytes = totals.bytes
    }
}

extension ShardTotals {
    init(_ wire: WireTotals) throws(PartialError) {
        self.init()
        records = wire.records
        posts = wire.posts
        matched = wire.matched
        mentions = wire.mentions
        duplicates = wire.duplicates
        filtered = wire.filtered
        deletions = wire.deletions
        quarantined = wire.quarantined
        bytes = wire.bytes
        let all = [records, posts, matched, mentions, duplicates, filtered, deletions, quarantined, bytes]
        guard all.allSatisfy({ $0 >= 0 }) else { throw .invalid("a negative total") }
    }
}

extension WireQuarantined {
    init(_ record: QuarantinedRecord) {
        self.init()
        offset = record.offset
        reason = record.reason
        excerpt = Data(record.excerpt)
    }

    func record() throws(PartialError) -> QuarantinedRecord {
        guard excerpt.count <= QuarantinedRecord.excerptLimit else {
            throw .invalid("a quarantined excerpt of \(excerpt.count) bytes")
        }
        return QuarantinedRecord(offset: offset, reason: reason, excerpt: excerpt)
    }
}

internal import Domain

/// What has become of an anomaly since it was looked at for the last time.
package struct AnomalyChange: Equatable, Sendable {
    /// As it is now, with the drivers, examples and kind that were known before.
    package var record: AnomalyRecord
    /// What is to be told; `nil` when only its figures went on.
    package var event: AlertMessage.Event?

    /// Compares what is kept with what was found, in order of their beginnings.
    ///
    /// An old and a new one are the same when they start together, or when they overlap and have no other partner: a late
    /// post often moves the beginning by a window.
    ///
    /// - Parameters:
    ///   - known: those of the brand that were not over when `judged` began.
    ///   - judged: all windows within were judged anew, so what is not found there is not there any more.
    package static func between(
        _ known: [AnomalyRecord], _ tracks: [BrandWatch.Track], judged: Range<Int64>, detector: String
    ) -> [Self] {
        let found = tracks.flatMap { track in
            track.episodes.map {
                AnomalyRecord(track.key, $0, budgetDays: track.budgetDays, detector: detector)
            }
        }
        var unmatched = known
        var changes: [Self] = []
        var new: [AnomalyRecord] = []
        for record in found {
            if let place = unmatched.firstIndex(where: { $0.key == record.key && $0.start == record.start }) {
                changes += change(from: unmatched.remove(at: place), to: record).map { [$0] } ?? []
            } else {
                new.append(record)
            }
        }
        for record in new {
            let partner = unmatched.firstIndex {
                $0.key == record.key && $0.stage != .withdrawn && $0.start < record.end && record.start < $0.end
            }
            guard let partner else {
                changes.append(Self(opening: record))
                continue
            }
            changes += change(from: unmatched.remove(at: partner), to: record).map { [$0] } ?? []
        }
        for record in unmatched where record.stage != .withdrawn && judged.contains(record.start) {
            var gone = record
            gone.stage = .withdrawn
            gone.revision += 1
            changes.append(Self(record: gone, event: .withdrawn))
        }
        return changes.sorted { $0.record.order < $1.record.order }
    }

    /// Enters what was found out about it; that a spike has become a crisis is told.
    package mutating func learn(_ enter: (inout AnomalyRecord) -> Void) {
        let kind = record.kind
        enter(&record)
        guard event == nil, record.kind == .crisis, kind != .crisis else { return }
        event = .growing
        record.revision += 1
    }

    private init(record: AnomalyRecord, event: AlertMessage.Event?) {
        self.record = record
        self.event = event
    }

    private init(opening record: AnomalyRecord) {
        self.record = record
        self.record.revision = 1
        event = .opened
    }

    /// `nil` when nothing is new.
    private static func change(from old: AnomalyRecord, to new: AnomalyRecord) -> Self? {
        var record = new
        record.id = old.id
        record.kind = old.kind
        record.posts = old.posts
        record.drivers = old.drivers
        record.examples = old.examples
        record.revision = old.revision
        guard record != old else { return nil }
        let event = event(from: old, to: record)
        if event != nil { record.revision += 1 }
        return Self(record: record, event: event)
    }

    private static func event(from old: AnomalyRecord, to new: AnomalyRecord) -> AlertMessage.Event? {
        if old.stage == .withdrawn || new.isRevised(from: old) || new.start != old.start { return .revised }
        if new.news > old.news, new.stage != .closed { return .growing }
        switch new.stage {
        case .peaked where old.stage != .peaked: return .peaked
        case .closed where old.stage != .closed: return .closed
        default: return nil
        }
    }
}

extension AnomalyRecord {
    /// By time; then all together before the platforms.
    fileprivate var order: (Int64, Int, UInt8) {
        (start, key.platform.map { Int($0.rawValue) } ?? -1, key.metric.rawValue)
    }
}

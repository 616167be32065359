internal import CoreMetrics

/// The metrics of the roles: the name that dashboards know, and what it means.
enum RoleMetric: String, CaseIterable {
    case claimed = "groundswell_shards_claimed_total"
    case reclaimed = "groundswell_shards_reclaimed_total"
    case started = "groundswell_shards_started_total"
    case finished = "groundswell_shards_finished_total"
    case handedBack = "groundswell_shards_handed_back_total"
    case failed = "groundswell_shards_failed_total"
    case refused = "groundswell_results_refused_total"
    case leasesLost = "groundswell_leases_lost_total"
    case cacheHits = "groundswell_reading_cache_hits_total"
    case cacheMisses = "groundswell_reading_cache_misses_total"
    case cacheBytes = "groundswell_reading_cache_bytes"
    case merged = "groundswell_results_merged_total"
    case duplicate = "groundswell_results_duplicate_total"
    case mergeSeconds = "groundswell_merge_seconds"
    case generations = "groundswell_lane_generations_total"
    case waiting = "groundswell_lane_waiting"
    case inFlight = "groundswell_lane_in_flight"
    case results = "groundswell_lane_results"
    case accepted = "groundswell_live_posts_total"
    case batches = "groundswell_live_batches_total"
    case commitSeconds = "groundswell_live_commit_seconds"
    case answers = "groundswell_gateway_answers_total"
    case alertsDelivered = "groundswell_alerts_delivered_total"
    case alertsFailed = "groundswell_alerts_failed_total"
    case alertsDead = "groundswell_alerts_dead_total"
    case alertsWaiting = "groundswell_alerts_waiting"
    case alertSeconds = "groundswell_alert_send_seconds"

    var help: String {
        switch self {
        case .claimed: "Shards leased from a lane."
        case .reclaimed: "Shards taken over from a worker whose lease ended."
        case .started: "Runs of shards begun; more than shards when some ran again."
        case .finished: "Results handed over and accepted."
        case .handedBack: "Shards given back without a try counted."
        case .failed: "Runs that ended in an error, by its class."
        case .refused: "Late results refused, since another worker had the lease by then."
        case .leasesLost: "Leases that were gone when they should be renewed."
        case .cacheHits: "Texts for the deep model whose reading was known from the same text before."
        case .cacheMisses: "Texts that the deep model read."
        case .cacheBytes: "Memory of the readings kept for texts that come again."
        case .merged: "Results merged into the trends."
        case .duplicate: "Results dropped, since their shard had been merged before."
        case .mergeSeconds: "How long one merge took, its transaction and acknowledgement."
        case .generations: "Times a lane was filled anew, since Redis had lost or might have lost its data."
        case .waiting: "Shards that nobody runs yet."
        case .inFlight: "Shards under a lease."
        case .results: "Results that wait for a reducer."
        case .accepted: "Posts accepted and kept, so that no crash loses them."
        case .batches: "Batches of posts that became shards of a live job."
        case .commitSeconds: "How long it took to keep one batch."
        case .answers: "Requests answered, by HTTP status."
        case .alertsDelivered: "Messages that a receiver took."
        case .alertsFailed: "Tries to deliver a message that failed."
        case .alertsDead: "Messages set aside after many tries."
        case .alertsWaiting: "Messages that may be sent and are not yet delivered."
        case .alertSeconds: "How long one try took, until the receiver's answer."
        }
    }

    func counter(_ dimensions: (String, String)...) -> Counter { Counter(label: rawValue, dimensions: dimensions) }

    func gauge(_ dimensions: (String, String)...) -> Meter { Meter(label: rawValue, dimensions: dimensions) }

    func timer(_ dimensions: (String, String)...) -> Timer { Timer(label: rawValue, dimensions: dimensions) }
}

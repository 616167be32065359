internal import Domain
internal import Feeds
internal import Store

extension FailureClass {
    /// What an error of a shard's run says about trying again.
    ///
    /// What is unknown counts as transient: five tries cost little, and a shard set aside too soon costs a person's time.
    init(of error: any Error) {
        switch error {
        case let error as FeedError: self = error.isTransient ? .transient : .permanent
        case StoreError.unknownPayload, StoreError.unknownJob: self = .permanent
        default: self = .transient
        }
    }
}

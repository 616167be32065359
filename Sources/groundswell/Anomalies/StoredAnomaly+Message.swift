import Anomalies
import Store

extension StoredAnomaly {
    /// The message that would be told of it now.
    var message: AlertMessage {
        AlertMessage(
            record.stage.event, record, id: id, monitor: monitor, brand: brand, seconds: seconds, foundAt: foundAt,
            updatedAt: updatedAt)
    }
}

extension AlertMessage.Stage {
    /// The event that leads there.
    fileprivate var event: AlertMessage.Event {
        switch self {
        case .open: .opened
        case .growing: .growing
        case .peaked: .peaked
        case .closed: .closed
        case .withdrawn: .withdrawn
        }
    }
}

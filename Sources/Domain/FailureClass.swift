/// What an error says about trying again.
package enum FailureClass: String, Sendable, CaseIterable {
    /// Another try may succeed although nobody mends anything: a server away, a disk full.
    case transient
    /// The same at each try, until a person mends its cause.
    case permanent
    /// One record that ends each process which reads it: it goes to quarantine, and the rest of its shard counts.
    case poison
}

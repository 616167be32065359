/// How long a private server lives.
package enum Lifetime: Sendable {
    /// Ends with this process, even when this process is ended by SIGKILL. For tests.
    case attached
    /// Outlives this process, and is found again by its folder. For `groundswell local up`.
    case detached
}

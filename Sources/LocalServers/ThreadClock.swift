internal import Glibc

/// The processor's time, in a room without Dispatch: where both are, the compiler cannot tell whose `timespec` is meant.
package enum ThreadClock {
    /// Seconds that processors have given to this thread.
    package static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

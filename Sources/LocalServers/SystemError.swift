import Glibc

/// The system's words for an error number.
///
/// The C library keeps them as constants, so that threads may ask at once.
func reason(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}

import Foundation

/// Keys as they are pressed: from a terminal without waiting for a line, or from a pipe.
///
/// A terminal is given back as it was when the reader goes away.
final class KeyInput {
    private var before: termios?

    init() {
        guard isatty(STDIN_FILENO) == 1 else { return }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        before = settings
        // Without signals: Control-C ends the sitting as q does, with the terminal given back.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    deinit {
        if var before { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
    }

    /// The next key; `nil` at the end of the input.
    func next() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            if count == 0 || errno != EINTR { return nil }
        }
    }
}

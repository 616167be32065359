/// Tells whether bytes are UTF-8, without making a string of them.
enum UTF8Check {
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        let count = bytes.count
        var at = 0
        while at < count {
            if at + 8 <= count {
                let word = UnsafeRawPointer(start + at).loadUnaligned(as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    at += 8
                    continue
                }
            }
            guard let length = length(start + at, limit: count - at) else { return false }
            at += length
        }
        return true
    }

    /// The length of the character at `bytes`, unless it is broken: Unicode, table 3-7.
    private static func length(_ bytes: UnsafePointer<UInt8>, limit: Int) -> Int? {
        let lead = bytes[0]
        if lead < 0x80 { return 1 }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard lead >= 0xC2, lead <= 0xF4, length <= limit else { return nil }
        let range: ClosedRange<UInt8> =
            switch lead {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
        guard range.contains(bytes[1]) else { return nil }
        for index in 2..<max(length, 2) where bytes[index] & 0xC0 != 0x80 { return nil }
        return length
    }
}

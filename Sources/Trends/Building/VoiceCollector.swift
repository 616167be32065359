import Domain

/// Collects the voices of each brand's hours.
struct VoiceCollector: Sendable {
    private var windows = WindowTable()
    private var voices: [Voices] = []

    /// The number of the voices for an hour of any platform and language; made if new.
    mutating func number(start: Int64, brand: UInt16) -> Int {
        let key = WindowKey(start: start, brand: brand, platform: .generic, language: 0)
        if let number = windows.number(of: key) { return number }
        voices.append(Voices())
        return windows.add(key, parent: 0)
    }

    /// Counts a post; tells whether it belongs into the sample.
    mutating func count(_ number: Int, hash: UInt64, id: String) -> Bool {
        voices[number].posts += 1
        return Voice.admits(voices[number].sample, hash: hash, id: id)
    }

    /// Takes in a post that was counted.
    ///
    /// - Returns: the post that had to leave.
    mutating func enter(_ voice: Voice, _ number: Int) -> Voice? {
        let full = voices[number].sample.count == Voice.sampleSize
        let last = full ? voices[number].sample.last : nil
        voice.enter(&voices[number].sample)
        return last
    }

    var entries: [(VoicesKey, Voices)] {
        zip(windows.keys, voices).map { (VoicesKey(start: $0.start, brand: $0.brand), $1) }
    }
}

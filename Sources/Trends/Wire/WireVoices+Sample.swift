import Domain
import SwiftProtobuf

extension Voices {
    /// The message that PostgreSQL keeps of a brand's hour.
    package func encoded(_ key: VoicesKey) throws(PartialError) -> [UInt8] {
        do {
            return try WireVoices(key, self).serializedBytes()
        } catch {
            throw .unwritable("\(error)")
        }
    }

    package init(encoded bytes: [UInt8]) throws(PartialError) {
        let wire: WireVoices
        do {
            wire = try WireVoices(serializedBytes: bytes)
        } catch {
            throw .unreadable("\(error)")
        }
        self = try wire.voices()
    }
}

extension WireVoices {
    init(_ key: VoicesKey, _ voices: Voices) {
        self.init()
        start = key.start
        brand = UInt32(key.brand)
        posts = voices.posts
        sample = voices.sample.map(WireVoice.init)
    }

    func key(_ keys: WireKey) throws(PartialError) -> VoicesKey {
        VoicesKey(start: try keys.start(start, .hour), brand: try keys.brand(brand))
    }

    func voices() throws(PartialError) -> Voices {
        guard sample.count <= Voice.sampleSize, posts >= Int64(sample.count) else {
            throw .invalid("a sample of \(sample.count) voices for \(posts) posts")
        }
        var voices = Voices()
        voices.posts = posts
        for wire in sample {
            let voice = try wire.voice()
            if let last = voices.sample.last, last.rank(against: voice.hash, voice.id) >= 0 {
                throw .invalid("a sample of voices that does not ascend")
            }
            voices.sample.append(voice)
        }
        return voices
    }
}

extension WireVoice {
    init(_ voice: Voice) {
        self.init()
        example = WireExample(voice.example)
        platform = UInt32(voice.platform.rawValue)
        language = voice.language
        hashtags = voice.hashtags
        domains = voice.domains
    }

    func voice() throws(PartialError) -> Voice {
        guard max(hashtags.count, domains.count) <= Voice.keyLimit else { throw .invalid("too many keys of a voice") }
        return Voice(
            example: try example.example(), platform: try WireKey(languages: []).platform(platform),
            language: language, hashtags: hashtags, domains: domains)
    }
}

import Domain
import Foundation
import Harness
import Testing
import Text

@testable import Readings

struct TextReaderTests {
    private static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models").path

    private static func reader(
        _ share: TextReader.Deep.Share?, _ stub: StubTexts = StubTexts(), cache: ReadingCache = ReadingCache()
    ) throws -> TextReader {
        let deep = share.map { TextReader.Deep(model: stub, share: $0, settings: ReadingSettings(), cache: cache) }
        return TextReader(fast: try SentimentModel(directory: "\(models)/fast-sentiment"), deep: deep)
    }

    private static func inputs(_ texts: String...) -> [TextReader.Input] {
        texts.map { TextReader.Input($0, declared: "en") }
    }

    @Test func whatNoModelReadsIsUnsupportedAndNeverScored() throws {
        let readings = try Self.reader(.all).read([
            TextReader.Input("Der Zug kam heute Morgen wieder zu spät, wie immer"),
            TextReader.Input("What a lovely morning in the park"),
            TextReader.Input("What a lovely morning in the park", declared: "de"),
            TextReader.Input("😍😍😍"),
        ])
        #expect(readings[0] == .unsupported)
        #expect(readings[1].sentiment != nil)
        #expect(readings[2] == .unsupported)
        #expect(readings[3].sentiment != nil)
    }

    @Test func theCascadeAsksTheDeepModelOnlyWhatTheFastOneIsUnsureOf() throws {
        let texts = Self.inputs(
            "I love this so much, best day ever!!! 😍", "It went from the one place to the other, I think",
            "I hate this, worst service ever, disgusting", "Well, who knows what that was about")
        let fast = try Self.reader(nil).read(texts)
        let stub = StubTexts()
        let readings = try Self.reader(.unsure, stub).read(texts)
        for (index, reading) in readings.enumerated() {
            let isUnsure = fast[index].sentiment?.isUnsure(below: 850_000) == true
            guard isUnsure else {
                #expect(reading == fast[index])
                continue
            }
            guard case .deep = reading else {
                Issue.record("\(texts[index].text) was not read deeply")
                continue
            }
            #expect(stub.read.contains(texts[index].text))
        }
        #expect(!stub.read.isEmpty)
        #expect(stub.read.count < texts.count)
    }

    @Test func aReadingDependsOnItsTextAlone() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Seeded(state: seed)
        let words = ["late", "train", "lovely", "yeah right", "the", "again", "LATE", "worst", "😍", "morning", " "]
        let texts = (0..<300).map { _ in
            let text = (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in words.randomElement(using: &random)
            }
            return TextReader.Input(text.joined(separator: " "), declared: "en")
        }
        for share in [TextReader.Deep.Share.unsure, .all] {
            let whole = try Self.reader(share).read(texts)
            // Another cache, which forgets, and other batches.
            let reader = try Self.reader(share, cache: ReadingCache(limit: 20 * ClockTable.overhead))
            var parts: [Reading] = []
            while parts.count < texts.count {
                let end = min(texts.count, parts.count + Int.random(in: 1...40, using: &random))
                parts += reader.read(Array(texts[parts.count..<end]))
            }
            #expect(parts == whole, "seed \(seed)")
        }
    }

    @Test func theSameTextIsReadOnce() throws {
        let stub = StubTexts()
        let cache = ReadingCache()
        let reader = try Self.reader(.all, stub, cache: cache)
        _ = reader.read(Self.inputs("One train", "one  train", "Another train"))
        #expect(stub.read == ["One train", "Another train"])
        let later = reader.read(Self.inputs("ANOTHER TRAIN"))
        #expect(stub.read.count == 2)
        #expect(later == (try Self.reader(.all).read(Self.inputs("another train"))))
        #expect(cache.takeCounts() == ReadingCache.Counts(hits: 2, misses: 2))
        #expect(cache.takeCounts() == ReadingCache.Counts())
    }

    @Test func praiseThatIsSurelyIronicIsNotCountedAsPraise() throws {
        let readings = try Self.reader(.all).read(
            Self.inputs("Lovely, late again, yeah right", "Lovely morning, thank you all"))
        #expect(readings.map(\.isDoubtful) == [true, false])
        #expect(readings[0].sentiment?.label == .negative)
        #expect(readings[1].sentiment?.label == .positive)
    }

    @Test func theVersionTellsEverythingThatDecidesAReading() throws {
        let versions = Set(try [nil, .unsure, .all].map { try Self.reader($0).version })
        #expect(versions.count == 3)
    }
}

import Foundation
import Testing
import Training

@Suite struct LabelledTextTests {
    @Test(
        arguments: [
            (["joy", "love"], 2), (["anger"], 0), (["neutral"], 1), (["surprise"], nil), (["joy", "anger"], nil),
            (["surprise", "fear"], 0), (["neutral", "curiosity"], nil), ([], nil),
        ] as [([String], Int?)]) func emotionsBecomeASentimentUnlessTheyContradict(emotions: [String], wanted: Int?)
    {
        #expect(LabelledRecord(text: "x", labels: emotions).labelled?.label == wanted)
    }

    @Test func aLineWithALabelOrWithEmotionsIsRead() throws {
        let lines = [#"{"text":"fine","label":1,"id":"7"}"#, #"{"text":"yes","labels":["approval"]}"#]
        let read = try lines.map { try JSONDecoder().decode(LabelledRecord.self, from: Data($0.utf8)) }
        #expect(read.map(\.labelled) == [LabelledText(text: "fine", label: 1), LabelledText(text: "yes", label: 2)])
    }

    @Test func trainingTextsThatAreValidationTextsAreLeftOut() {
        let overlap = OverlapGuard(validation: [
            LabelledText(text: "@user The new store opens on Monday! http", label: 1),
            LabelledText(text: "ok", label: 1),
        ])
        let examples = [
            "the NEW store opens on Monday https://example.org", "The new store opens on Tuesday", "ok",
        ].map { LabelledText(text: $0, label: 1) }
        #expect(overlap.cleared(examples) == Array(examples.dropFirst()))
    }
}

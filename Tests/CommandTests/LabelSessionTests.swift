import Domain
import Foundation
import Store
import Testing

@testable import groundswell

@Suite struct LabelSessionTests {
    @Test func eachKeyLabelsAndGoesOn() {
        var session = LabelSession(posts: 3)
        #expect(session.press(.label(.negative)) == .keep(post: 0, .negative))
        #expect(session.press(.label(.positive)) == .keep(post: 1, .positive))
        #expect(session.current == 2 && session.labelled == 2)
        #expect(session.press(.skip) == .nothing)
        #expect(session.current == nil && session.labelled == 2)
        #expect(session.press(.label(.neutral)) == .nothing)
    }

    @Test func undoTakesBackLabelsAndStepsOverSkippedPosts() {
        var session = LabelSession(posts: 3)
        #expect(session.press(.undo) == .nothing)
        _ = session.press(.label(.negative))
        _ = session.press(.skip)
        #expect(session.press(.undo) == .nothing)
        #expect(session.current == 1)
        #expect(session.press(.undo) == .takeBack(post: 0))
        #expect(session.current == 0 && session.labelled == 0)
        #expect(session.press(.label(.neutral)) == .keep(post: 0, .neutral))
    }

    @Test func theAnswerIsShownOnDemandAndQuittingKeepsWhatThereIs() {
        var session = LabelSession(posts: 2)
        #expect(session.press(.answer) == .showAnswer(post: 0))
        _ = session.press(.label(.positive))
        #expect(session.press(.quit) == .nothing)
        #expect(session.current == nil && session.labelled == 1)
        #expect(LabelSession(posts: 0).current == nil)
    }

    @Test func keysAreDigitsSignsAndLetters() {
        let keys: [Character: LabelSession.Key] = [
            "1": .label(.negative), "-": .label(.negative), "2": .label(.neutral), "0": .label(.neutral),
            "3": .label(.positive), "+": .label(.positive), "u": .undo, "s": .skip, "a": .answer, "q": .quit,
        ]
        for (character, key) in keys { #expect(LabelSession.Key(character.asciiValue ?? 0) == key) }
        #expect(LabelSession.Key(UInt8(ascii: "\n")) == nil && LabelSession.Key(0xC3) == nil)
    }

    @Test func aLabelGoesThroughItsLine() throws {
        let label = Label(
            brand: "Acme", text: "slow \"again\" 🙄", label: .negative, annotator: "ann", language: "en",
            postedAt: Timestamp(seconds: 1_700_000_000), sampleWeight: 2.5)
        let line = try LabelLine(label).encoded()
        #expect(!line.contains("\n"))
        #expect(try LabelLine.decoded(Array(line.utf8)).label(brand: nil, annotator: "other") == label)

        let short = try LabelLine.decoded(Array(#"{"text": "ok", "label": 2}"#.utf8))
        #expect(try short.label(brand: "Acme", annotator: "ann").label == .positive)
        #expect(throws: CommandError.self) { try short.label(brand: nil, annotator: "ann") }
        for wrong in [#"{"text": "ok", "label": 3}"#, #"{"text": "ok"}"#, #"{"label": 1}"#, "[]"] {
            #expect(throws: (any Error).self) { try LabelLine.decoded(Array(wrong.utf8)) }
        }
    }

    @Test func headNamesFitIntoPaths() {
        #expect(HeadTraining.headName(of: "Aero Nimbra!") == "aero-nimbra")
        #expect(HeadTraining.headName(of: "../etc") == "etc")
        #expect(HeadTraining.headName(of: "日本").hasPrefix("brand-"))
    }
}

import Foundation
import FoundationXML
import Harness
import Testing

@testable import Charts

struct SVGTests {
    /// What a document holds, or how it is broken.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var title = ""
        private var open: [String] = []

        static func read(_ text: String) -> Reader? {
            let reader = Reader()
            let parser = XMLParser(data: Data(text.utf8))
            parser.delegate = reader
            return parser.parse() ? reader : nil
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements[name, default: 0] += 1
            open.append(name)
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            open.removeLast()
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if open.last == "title" { title += text }
        }
    }

    @Test(arguments: Sample.hostileTexts) func aHostileNameStaysText(text: String) throws {
        var chart = Sample.small
        chart.title = text
        chart.unit = text
        chart.bandName = text
        chart.incidents[0].label = text
        chart.incidents[0].note = text
        let reader = try #require(Reader.read(chart.svg()), "no valid XML")
        #expect(Set(reader.elements.keys) == ["svg", "title", "desc", "rect", "path", "text"])
        #expect(reader.title == PlainText.clean(text))
    }

    @Test(arguments: 0..<100) func anyChartIsValid(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let svg = Sample.any(&random).svg(width: 640, height: 240)
        let reader = try #require(Reader.read(svg), "seed \(seed): no valid XML")
        #expect(reader.elements["title"] == 1 && reader.elements["desc"] == 1, "seed \(seed)")
        #expect(!svg.contains("nan") || Sample.hostileTexts.contains { $0.contains("nan") }, "seed \(seed)")
    }

    @Test func aSmallChartIsThisDocument() {
        #expect(Sample.small.svg(width: 480, height: 240) == Golden.svg)
    }

    @Test func aYearIsASmallDocument() {
        #expect(Sample.year(spike: 50_000).svg().utf8.count < 100_000)
    }

    @Test func itSaysInWordsWhatItShows() {
        #expect(
            Sample.small.summary == """
                mentions per 15 minutes, 2026-11-23 – 2026-11-23 04:00 UTC. The greatest value is 60 at 2026-11-23 01:15. \
                Incident 1, 2026-11-23 01:15 – 2026-11-23 02:00: once in 120 days.
                """)
    }
}

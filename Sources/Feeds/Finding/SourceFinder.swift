package import Domain

/// Turns files, folders, patterns and `-` into sources.
package struct SourceFinder {
    /// The format of all sources, whatever their names say.
    private let format: SourceDescription.Format?
    private var listing = SourceListing()
    /// Files seen so far: a link to one of them, or its second mention, must not count its posts twice.
    private var known: Set<FileStatus.Identity> = []
    /// The folders above the one that is read, so that a link to one of them ends there.
    private var above: [FileStatus.Identity] = []
    /// Whether the current argument led to a file that can be read, be it empty or known already.
    private var hasFile = false

    package init(format: SourceDescription.Format? = nil) { self.format = format }

    /// Looks at every argument; a folder that cannot be read or a file that is missing never hides the others.
    package func find(_ arguments: [String]) -> SourceListing {
        var finder = self
        for argument in arguments { finder.take(argument) }
        return finder.listing
    }

    private mutating func take(_ argument: String) {
        if argument == "-" {
            listing.usesStandardInput = true
            return
        }
        let before = listing.problems.count
        hasFile = false
        do throws(FeedError) {
            try takePath(argument)
        } catch {
            if case .missing = error, Glob.isPattern(argument) {
                takePattern(argument)
            } else {
                report(error)
            }
        }
        guard !hasFile else { return }
        let reasons = listing.problems[before...].map { $0.path == argument ? $0.reason : $0.description }
        listing.problems.removeSubrange(before...)
        let nothing = "nothing to read: no .jsonl, .ndjson, .json, .csv or .tsv file, with or without .gz or .zst"
        // A folder may hold thousands of such files; three show what is wrong.
        let more = reasons.count > 3 ? "; and \(reasons.count - 3) more" : ""
        let reason = reasons.isEmpty ? nothing : reasons.prefix(3).joined(separator: "; ") + more
        listing.failed.append(SourceListing.Note(path: argument, reason: reason))
    }

    private mutating func report(_ error: FeedError) {
        listing.problems.append(SourceListing.Note(path: error.path, reason: error.reason))
    }

    private mutating func takePattern(_ pattern: String) {
        let (paths, problems) = Glob(pattern).paths()
        for problem in problems { report(problem) }
        for path in paths {
            do throws(FeedError) {
                try takePath(path)
            } catch {
                report(error)
            }
        }
    }

    /// A file whatever its name, or a folder.
    private mutating func takePath(_ path: String) throws(FeedError) {
        let status = try FileStatus(path: path)
        let absolute = try FileStatus.absolute(path)
        if status.isFolder { takeFolder(absolute, status) } else { try takeFile(absolute, status) }
    }

    private mutating func takeFolder(_ folder: String, _ status: FileStatus) {
        guard above.count < FeedBounds.folderDepth, !above.contains(status.identity) else { return }
        above.append(status.identity)
        defer { above.removeLast() }
        do throws(FeedError) {
            for name in try FileStatus.names(in: folder) where !name.hasPrefix(".") {
                takeEntry(folder == "/" ? "/\(name)" : "\(folder)/\(name)")
            }
        } catch {
            report(error)
        }
    }

    private mutating func takeEntry(_ path: String) {
        do throws(FeedError) {
            let status = try FileStatus(path: path)
            if status.isFolder {
                takeFolder(path, status)
            } else if SourceProbe.kinds(of: path).0 == nil {
                listing.skipped.append(SourceListing.Note(path: path, reason: "its name is not that of a source"))
            } else {
                try takeFile(path, status)
            }
        } catch {
            report(error)
        }
    }

    private mutating func takeFile(_ path: String, _ status: FileStatus) throws(FeedError) {
        guard known.insert(status.identity).inserted else {
            hasFile = true
            return
        }
        guard status.size > 0 else {
            // Opened all the same: a device or pipe has no size either and deserves a better answer.
            _ = try FileBytes(path: path)
            hasFile = true
            listing.skipped.append(SourceListing.Note(path: path, reason: "is empty"))
            return
        }
        let probe = try SourceProbe(path: path, format: format)
        hasFile = true
        let description = SourceDescription(
            place: .file(path: path), format: probe.format, compression: probe.compression)
        listing.sources.append(FoundSource(description: description, size: status.size, modified: status.modified))
    }
}

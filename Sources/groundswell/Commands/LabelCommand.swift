import ArgumentParser
import Domain
import Feeds
import Foundation
import Monitors
import Store
import Training
import Worker

/// `groundswell label`: people's labels, which teach heads and measure trends.
struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Label posts of a brand: to teach its own classifier, or to put error bars on its trends.",
        discussion: """
            Example: groundswell label --brand Quenzo
            Example: groundswell label --brand Quenzo --sample random --count 100 --monitor brands.yaml posts/
            Labels that were chosen (--sample chosen) are those that teach most: 'groundswell train --from-labels' makes a \
            classifier of the brand's own from them. Labels drawn at random (--sample random) measure: the view \
            trends.corrected shows shares corrected by them, with 95 % intervals. Neither does the other's work.
            """,
        subcommands: [
            Ask.self, LabelExportCommand.self, LabelImportCommand.self, LabelSimulateCommand.self,
            LabelCoverageCommand.self,
        ],
        defaultSubcommand: Ask.self)

    enum Sample: String, ExpressibleByArgument, CaseIterable {
        case chosen
        case random
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show posts one by one and keep the label that is pressed (the default).",
            discussion: """
                Keys: 1 or - negative, 2 or 0 neutral, 3 or + positive, s skip, u undo, a show the model's answer, q quit. \
                Posts come from the files, or without any from the examples that PostgreSQL keeps. From a pipe, keys are \
                read as they come.
                """)

        @OptionGroup var connection: ConnectionOptions
        @Option(help: "The brand.") var brand: String
        @Option(help: "chosen: the posts whose labels help most; random: a random sample, to measure by.")
        var sample = Sample.chosen
        @Option(help: "How many posts to show.") var count = 20
        @Option(help: "Name kept with each label.") var annotator = NSUserName()
        @Option(help: "Another seed draws other posts.") var seed: UInt64 = 1
        @Option(help: "Monitor file; without files, the name of a monitor in PostgreSQL.") var monitor: String?
        @Argument(help: "Files, folders or globs of posts; the monitor says how to read them.", completion: .file())
        var sources: [String] = []

        func validate() throws {
            guard (1...10_000).contains(count) else { throw ValidationError("--count must be 1…10000, not \(count).") }
            guard sources.isEmpty || monitor != nil else {
                throw ValidationError("Give --monitor with the monitor file that reads these sources.")
            }
            guard !sources.contains("-") else {
                throw ValidationError("Standard input is for the keys: name files, folders or globs.")
            }
        }

        func run() async throws {
            let settings = try await Settings(connection)
            let models = ModelShelf(folder: settings.modelsFolder())
            let store = try await Store.open(settings.postgresURL(), application: "groundswell label")
            let labelled = try await store.labels(of: brand)
            let reader: BrandReader
            if let monitor, !sources.isEmpty {
                reader = try BrandReader(MonitorFile.read(monitor), brand: brand, models: models)
            } else {
                reader = try await BrandReader(brand: brand, monitor: monitor, models: models, in: store)
            }
            let pool = try await self.pool(reader, Set(labelled.map(\.text)), store)
            let chosen: [Proposal]
            switch sample {
            case .random: chosen = Self.drawn(pool, count: count, isRanked: !sources.isEmpty, seed: seed)
            case .chosen: chosen = try Self.chosen(pool, labelled, reader, count: count)
            }
            guard !chosen.isEmpty else {
                throw CommandError("there is no unlabelled post of '\(brand)' here; name files with more of them")
            }
            let count = try await sit(chosen, reader, store)
            Terminal.say("\(count) of \(chosen.count) posts labelled")
            guard count > 0 else { return }
            try await AnswerKeeper(store: store, models: models).complete(brand)
            Terminal.say(
                sample == .chosen
                    ? "train the brand's own classifier with 'groundswell train --from-labels --brand \"\(brand)\"'"
                    : "see 'groundswell trends --corrected --brand \"\(brand)\"', or trends.corrected in SQL")
        }

        /// A post to show, with its weight when it was drawn at random.
        struct Proposal {
            var post: LabelPool.Post
            var weight: Double?
        }

        private func pool(_ reader: BrandReader, _ known: Set<String>, _ store: Store) async throws -> LabelPool {
            guard sources.isEmpty else {
                let intake = try Intake(
                    sources, format: reader.monitor.source?.format, cutting: .init(), skipMissing: false)
                return try LabelPool(
                    intake, brand: reader.brand, of: reader.monitor,
                    limit: sample == .random ? count : LabelChoice.poolLimit * 9 / 10, leavingOut: known,
                    // Chosen and random labels must have nothing to do with each other.
                    seed: sample == .random ? seed : ~seed)
            }
            let pool = try await LabelPool(examplesOf: brand, monitor: monitor, in: store)
            return LabelPool(pool.posts.filter { !known.contains($0.text) })
        }

        /// - Parameter isRanked: whether the pool is a uniform sample of texts already.
        private static func drawn(_ pool: LabelPool, count: Int, isRanked: Bool, seed: UInt64) -> [Proposal] {
            guard !isRanked else { return pool.posts.prefix(count).map { Proposal(post: $0, weight: $0.standsFor) } }
            return SampleDraw(count, sizes: pool.posts.map(\.standsFor), seed: seed).items.map {
                Proposal(post: pool.posts[$0.index], weight: $0.weight)
            }
        }

        private static func chosen(
            _ pool: LabelPool, _ labelled: [Label], _ reader: BrandReader, count: Int
        ) throws -> [Proposal] {
            // The labelled ones are there too, since they speak for others already.
            let posts = pool.posts.prefix(LabelChoice.poolLimit * 9 / 10).map {
                TextOfBrand($0.text, language: $0.language)
            }
            let known = labelled.suffix(LabelChoice.poolLimit - posts.count).map {
                TextOfBrand($0.text, language: $0.language)
            }
            let (kept, texts) = try reader.headTexts(posts + known)
            let answers = reader.readings(of: kept.map { (posts + known)[$0] }).compactMap(\.sentiment)
            let next = LabelChoice(texts.features).next(
                count, answers: answers, known: Set(kept.indices.filter { kept[$0] >= posts.count }))
            return next.map { Proposal(post: pool.posts[kept[$0]]) }
        }

        private func sit(_ proposals: [Proposal], _ reader: BrandReader, _ store: Store) async throws -> Int {
            var session = LabelSession(posts: proposals.count)
            let keys = KeyInput()
            Terminal.say(
                "1 or - negative · 2 or 0 neutral · 3 or + positive · s skip · u undo · a model's answer · q quit")
            var shown: Int?
            while let current = session.current {
                if shown != current {
                    Terminal.say("\n\(current + 1)/\(proposals.count)  \(proposals[current].post.text)")
                    shown = current
                }
                guard let byte = keys.next() else { break }
                guard let key = LabelSession.Key(byte) else { continue }
                switch session.press(key) {
                case .keep(let post, let label):
                    Terminal.say("    \(label.name)")
                    try await store.put([self.label(proposals[post], label)])
                case .takeBack(let post):
                    Terminal.say("    taken back")
                    try await store.removeLabel(of: proposals[post].post.text, brand: brand)
                case .showAnswer(let post):
                    let text = TextOfBrand(proposals[post].post.text, language: proposals[post].post.language)
                    Terminal.say("    \(Self.described(reader.readings(of: [text])[0], reader))")
                case .nothing: break
                }
            }
            return session.labelled
        }

        private func label(_ proposal: Proposal, _ label: SentimentLabel) -> Label {
            Label(
                brand: brand, text: proposal.post.text, label: label, annotator: annotator,
                language: proposal.post.language, postedAt: proposal.post.postedAt, sampleWeight: proposal.weight)
        }

        private static func described(_ reading: Reading, _ reader: BrandReader) -> String {
            guard let sentiment = reading.sentiment else { return "the model cannot read its language" }
            let parts = zip(SentimentLabel.allCases, [sentiment.negative, sentiment.neutral, sentiment.positive]).map {
                "\($0.name) \(Figures.decimal(Double($1) / Double(Sentiment.one) * 100, places: 0)) %"
            }
            return "the model says " + parts.joined(separator: ", ") + (reader.isUnsure(reading) ? ": unsure" : "")
        }
    }
}

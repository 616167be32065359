import ArgumentParser
import Store
import Worker

/// The part of `groundswell train` that teaches brands' heads.
struct HeadOptions: ParsableArguments {
    @Flag(help: "Train brands' heads from the labels in PostgreSQL.") var fromLabels = false
    @Option(help: "With --from-labels: only this brand; may be given again.") var brand: [String] = []
    @Flag(help: "With --from-labels: labels drawn at random teach too, and measure no more.") var withSample = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard fromLabels || (brand.isEmpty && !withSample) else {
            throw ValidationError("--brand and --with-sample go with --from-labels.")
        }
    }

    func train(_ settings: Settings) async throws {
        let store = try await Store.open(settings.postgresURL(), application: "groundswell train")
        let training = HeadTraining(
            store: store, models: ModelShelf(folder: settings.modelsFolder()), spendsSample: withSample)
        output.show(try await training.run(brand))
    }
}

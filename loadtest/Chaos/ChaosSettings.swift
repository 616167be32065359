/// What a chaos run is to do.
package struct ChaosSettings: Sendable {
    package var seed: UInt64
    /// How long things go wrong; setting up, ending the last jobs and checking come on top.
    package var lasting: Duration
    /// SIGKILLs of processes and servers below which the run proves too little.
    package var leastKills: Int
    /// Jobs that run side by side.
    package var tracks = 2
    package var archives = ChaosArchive.Size.all
    /// Made when missing; data, logs and plan go here.
    package var folder: String
    /// The built `groundswell`.
    package var executable: String
    /// Folder of model weights.
    package var models: String
    /// After the last fault, how long the last jobs may take before they count as stuck.
    package var patience = Duration.seconds(180)
    /// Told a line of progress now and then.
    package var say: @Sendable (String) -> Void = { _ in }

    package init(
        seed: UInt64, lasting: Duration, leastKills: Int, folder: String, executable: String, models: String
    ) {
        self.seed = seed
        self.lasting = lasting
        self.leastKills = leastKills
        self.folder = folder
        self.executable = executable
        self.models = models
    }

    package var plan: ChaosPlan { ChaosPlan(seed: seed, lasting: lasting, kills: leastKills) }
}

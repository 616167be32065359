internal import Domain
internal import Foundation
internal import Generator
internal import LocalServers

/// A generated archive with what a correct count of it must give.
package struct ChaosArchive: Sendable {
    /// How many posts a generated archive has, and how it is cut.
    package struct Size: Sendable {
        package var posts: Int
        package var shardPosts: Int

        package init(posts: Int, shardPosts: Int) {
            self.posts = posts
            self.shardPosts = shardPosts
        }

        /// Some hundreds of shards each, so that a job outlives several faults and ends all the same.
        package static let all = [Self(posts: 30_000, shardPosts: 60), Self(posts: 60_000, shardPosts: 150)]
    }

    /// One table's row count and digest, as `groundswell count --digest` prints them.
    struct Digest: Codable, Equatable, Sendable {
        let table: String
        let rows: Int
        let digest: String
    }

    let posts: String
    let monitor: String
    let shardPosts: Int
    let expectedPosts: Int
    /// Of a count in one process, without queue and database.
    let digests: [Digest]

    /// Writes the archive and counts it once.
    static func make(
        _ size: Size, number: Int, seed: UInt64, in folder: String, counter: ClusterCommand
    ) async throws -> Self {
        let lastDay = Timestamp(seconds: 1_790_000_000)
        let scenario =
            number.isMultiple(of: 2)
            ? Scenario.demo(lastDay: lastDay, posts: size.posts, seed: seed)
            : Scenario.load(day: lastDay, posts: size.posts, seed: seed)
        let posts = "\(folder)/posts-\(number).jsonl"
        let monitor = "\(folder)/monitor-\(number).yaml"
        var generator = PostGenerator(scenario)
        var data = Data()
        while generator.nextBlock({ data.append(contentsOf: $0) }) {}
        try data.write(to: URL(fileURLWithPath: posts))
        try MonitorText.yaml(for: scenario).write(toFile: monitor, atomically: true, encoding: .utf8)
        let counted = try await counter.run("count", "--monitor", monitor, "--digest", "--output", "json", posts)
        return Self(
            posts: posts, monitor: monitor, shardPosts: size.shardPosts, expectedPosts: generator.expected.posts,
            digests: try JSONDecoder().decode([Digest].self, from: Data(counted.utf8)))
    }
}

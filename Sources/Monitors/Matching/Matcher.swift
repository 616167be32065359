package import Domain

/// Finds the brands that posts mention: all queries in one pass over a post's bytes.
///
/// Titles, texts, mentions and hashtags are searched, each for itself. Compiled once and shared by all threads; each thread
/// brings its own scratch.
package struct Matcher: Sendable {
    /// The working memory of one thread.
    ///
    /// It serves any matcher, one after the other.
    package struct Scratch: Sendable {
        fileprivate var scanner = TokenScanner()
        fileprivate var state: MatchState?

        package init() {}
    }

    private let automaton: Automaton

    package init(queries: [Query]) { automaton = Automaton(queries) }

    /// Replaces `matches` by the brands of each post.
    package func match(_ posts: [Post], into matches: inout BrandMatches, scratch: inout Scratch) {
        precondition(automaton.queryCount <= 1 << 16, "\(automaton.queryCount) brands, indices have 16 bits")
        matches.removeAll()
        var state = takeState(from: &scratch)
        posts.withUnsafeBufferPointer { posts in
            for index in posts.indices {
                search(posts, at: index, &scratch.scanner, &state)
                matches.append(state.matched.lazy.map { UInt16(truncatingIfNeeded: $0) })
            }
        }
        scratch.state = state
    }

    /// The indices of the queries that match one post, ascending.
    package func queries(matching post: Post, scratch: inout Scratch) -> [UInt32] {
        var state = takeState(from: &scratch)
        [post].withUnsafeBufferPointer { search($0, at: 0, &scratch.scanner, &state) }
        scratch.state = state
        return state.matched
    }

    /// Moves the state out, so that it is not copied when it changes.
    private func takeState(from scratch: inout Scratch) -> MatchState {
        defer { scratch.state = nil }
        if let state = scratch.state, state.automaton === automaton { return state }
        return MatchState(automaton)
    }

    private func search(
        _ posts: UnsafeBufferPointer<Post>, at index: Int, _ scanner: inout TokenScanner, _ state: inout MatchState
    ) {
        state.beginPost()
        state.beginField()
        scanner.scan(posts[index].text, into: &state)
        if let title = posts[index].title {
            state.beginField()
            scanner.scan(title, into: &state)
        }
        for mention in posts[index].mentions {
            state.beginField()
            scanner.scan(mention, as: .mention, into: &state)
        }
        for hashtag in posts[index].hashtags {
            state.beginField()
            scanner.scan(hashtag, as: .hashtag, into: &state)
        }
        state.endPost()
    }
}

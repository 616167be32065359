package import Domain
internal import Synchronization

/// The shards of an intake, cut while they are read: millions of them take no memory.
///
/// May be read again; files that change in between give other shards.
package struct ShardSlices: Sequence, Sendable {
    /// One source: a file to be cut, or a payload that is one shard.
    enum Piece: Sendable {
        case file(FoundSource)
        case payload(offset: Int64, length: Int64)
    }

    /// Sources read in turn hold a file open each; more at once would meet the limit of a process.
    private static let openAtOnce = 64

    private let pieces: [Piece]
    private let cutting: Intake.Cutting
    private let trouble = Trouble()

    init(pieces: [Piece], cutting: Intake.Cutting) {
        self.pieces = pieces
        self.cutting = cutting
    }

    /// Sources that could not be read to their end; what was cut of them before counts.
    package var problems: [FeedError] { trouble.errors.withLock { $0 } }

    package func makeIterator() -> Iterator {
        Iterator(
            pieces: pieces, cutting: cutting, width: cutting.inTurn ? Self.openAtOnce : 1, trouble: trouble)
    }

    package struct Iterator: IteratorProtocol {
        fileprivate let pieces: [Piece]
        fileprivate let cutting: Intake.Cutting
        fileprivate let width: Int
        fileprivate let trouble: Trouble
        private var nextPiece = 0
        private var open: [(source: Int, cutter: Cutter)] = []
        private var turn = 0

        fileprivate init(pieces: [Piece], cutting: Intake.Cutting, width: Int, trouble: Trouble) {
            self.pieces = pieces
            self.cutting = cutting
            self.width = width
            self.trouble = trouble
        }

        package mutating func next() -> ShardSlice? {
            while true {
                openMore()
                guard !open.isEmpty else { return nil }
                if turn >= open.count { turn = 0 }
                do throws(FeedError) {
                    if let (offset, length) = try open[turn].cutter.next() {
                        defer { turn += 1 }
                        return ShardSlice(source: open[turn].source, offset: offset, length: length)
                    }
                } catch {
                    trouble.errors.withLock { $0.append(error) }
                }
                open.remove(at: turn)
            }
        }

        private mutating func openMore() {
            while open.count < width, nextPiece < pieces.count {
                defer { nextPiece += 1 }
                do throws(FeedError) {
                    open.append((nextPiece, try Cutter(pieces[nextPiece], cutting)))
                } catch {
                    trouble.errors.withLock { $0.append(error) }
                }
            }
        }
    }

    /// Cuts one piece.
    private enum Cutter {
        case file(ShardCutter)
        case payload(offset: Int64, length: Int64)
        case ended

        init(_ piece: Piece, _ cutting: Intake.Cutting) throws(FeedError) {
            switch piece {
            case .file(let found): self = .file(try ShardCutter(found, bytes: cutting.bytes, posts: cutting.posts))
            case .payload(let offset, let length): self = .payload(offset: offset, length: length)
            }
        }

        mutating func next() throws(FeedError) -> (offset: Int64, length: Int64)? {
            switch self {
            case .file(var cutter):
                defer { self = .file(cutter) }
                return try cutter.next().map { ($0.offset, $0.length) }
            case .payload(let offset, let length):
                self = .ended
                return (offset, length)
            case .ended: return nil
            }
        }
    }

    /// What went wrong while cutting, told after the reading, since a sequence cannot throw.
    fileprivate final class Trouble: Sendable {
        let errors = Mutex<[FeedError]>([])
    }
}

/// The tokens of several texts, one text behind the other without padding.
package struct TokenBatch: Equatable, Sendable {
  package private(set) var ids: [Int32] = []
  /// For each token 0, or 1 in the second text of a pair.
  package private(set) var types: [UInt8] = []
  /// Where each text ends.
  package private(set) var ends: [Int] = []

  package init() {}

  package init(_ texts: some Sequence<[Int32]>) {
    for text in texts { append(text) }
  }

  package var count: Int { ends.count }
  package var tokens: Int { ids.count }

  /// The tokens of one text.
  package subscript(text: Int) -> Range<Int> { (text == 0 ? 0 : ends[text - 1])..<ends[text] }

  package mutating func append(_ ids: [Int32], types: [UInt8]? = nil) {
    precondition(
      types.map { $0.count == ids.count } ?? true, "\(ids.count) tokens, \(types?.count ?? 0) types"
    )
    self.ids += ids
    self.types += types ?? [UInt8](repeating: 0, count: ids.count)
    ends.append(self.ids.count)
  }
}

/// The mean of each text's rows.
package enum MeanPool {
  /// `[texts, width]` from `[tokens, width]`; a text without tokens gives zeros.
  package static func forward(_ hidden: Matrix, _ batch: TokenBatch) -> Matrix {
    precondition(hidden.rows == batch.tokens, "\(hidden.rows) rows for \(batch.tokens) tokens")
    let width = hidden.columns
    var result = Matrix(rows: batch.count, columns: width)
    for text in 0..<batch.count {
      let share = 1 / Float(max(batch[text].count, 1))
      for token in batch[text] {
        for column in 0..<width {
          result.values[text * width + column] += hidden.values[token * width + column] * share
        }
      }
    }
    return result
  }

  /// The gradient of the rows, given that of the means.
  package static func backward(_ gradient: Matrix, _ batch: TokenBatch) -> Matrix {
    precondition(gradient.rows == batch.count, "\(gradient.rows) rows for \(batch.count) texts")
    let width = gradient.columns
    var result = Matrix(rows: batch.tokens, columns: width)
    for text in 0..<batch.count {
      let share = 1 / Float(max(batch[text].count, 1))
      for token in batch[text] {
        for column in 0..<width {
          result.values[token * width + column] = gradient.values[text * width + column] * share
        }
      }
    }
    return result
  }
}

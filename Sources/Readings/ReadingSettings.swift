package import Text

/// How fast and deep model share the work.
package struct ReadingSettings: Equatable, Sendable {
    /// A text goes on to the deep model whose class the fast model holds for less probable, in millionths.
    package var cascadeBelow: Int64
    package var irony: IronyRule

    package init(cascadeBelow: Int64 = 850_000, irony: IronyRule = IronyRule()) {
        self.cascadeBelow = cascadeBelow
        self.irony = irony
    }

    /// What was fitted for a deep model; the defaults where nothing was.
    package init(_ configuration: DeepConfiguration) {
        self.init()
        if let fitted = configuration.cascadeBelow { cascadeBelow = Int64(fitted) }
        if let fitted = configuration.ironyFrom { irony.from = Int64(fitted) }
    }
}

import ArgumentParser

/// `FIELD=VALUE` on the command line.
struct FieldFilter: ExpressibleByArgument, Equatable {
    let field: String
    /// In lower case.
    let value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        field = parts[0]
        value = parts[1].lowercased()
    }
}

internal import Foundation

/// The tags of languages that data sets call by their English names.
package enum LanguageName {
    /// "German", "german" and "de" are all `de`; what is no name stays as it is, in lower case.
    package static func tag(_ name: String) -> String { tags[name.lowercased()] ?? name.lowercased() }

    private static let tags: [String: String] = {
        let english = Locale(identifier: "en")
        let codes = Locale.LanguageCode.isoLanguageCodes.map(\.identifier).filter { $0.utf8.count == 2 }
        let names = codes.compactMap { code in
            english.localizedString(forLanguageCode: code).map { ($0.lowercased(), code) }
        }
        return Dictionary(names, uniquingKeysWith: { first, _ in first })
    }()
}

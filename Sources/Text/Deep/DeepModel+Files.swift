internal import Foundation

extension DeepModel {
    /// A file beyond this is no encoder of this program's size.
    private static let fileLimit = 4 << 30

    /// A file's bytes, mapped.
    static func contents(_ path: String) throws(ModelError) -> Data {
        do {
            let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            guard data.count <= fileLimit else {
                throw ModelError.unreadable(path: path, reason: "larger than \(fileLimit) bytes")
            }
            return data
        } catch let error as ModelError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    static func decoded<Value: Decodable>(_ path: String) throws(ModelError) -> Value {
        let data = try contents(path)
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw .configuration(path: path, reason: "not a model configuration: \(error)")
        }
    }

    /// Sixteen hexadecimal digits over everything that decides an answer.
    static func fingerprint(of configuration: Data, _ weights: [UInt8]) -> String {
        var hash = FeatureHash.start
        for byte in configuration { hash = FeatureHash.step(hash, byte) }
        for byte in weights { hash = FeatureHash.step(hash, byte) }
        return FeatureHash.digits(hash)
    }
}

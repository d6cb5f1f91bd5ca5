import Foundation
import Hummingbird
import NIOCore

/// The JSON object in the body of a request.
struct JSONObject {
    /// More than any body of the API needs.
    private static let byteLimit = 16_384

    private let values: [String: Any]

    /// - Throws: `Problem` for another media type, a body that is too large, and anything but one object.
    init(_ request: Request) async throws {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        guard type?.lowercased() == "application/json" else {
            throw Problem(.unsupportedMediaType, "The body is JSON: Content-Type: application/json.")
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.byteLimit)
        } catch is NIOTooManyBytesError {
            throw Problem(.contentTooLarge, "The body has more than \(Self.byteLimit) bytes.")
        }
        let value = try? JSONSerialization.jsonObject(with: Data(body.readableBytesView))
        guard let values = value as? [String: Any] else {
            throw Problem(.badRequest, "The body is not a JSON object.")
        }
        self.values = values
    }

    /// Refuses other keys: with a misspelt one, the client would believe that its value counts.
    func requireKeys(among known: [String]) throws {
        guard values.keys.allSatisfy(known.contains) else {
            throw Problem(.badRequest, "The keys of the body are \(known.sorted().joined(separator: ", ")).")
        }
    }

    /// - Throws: `Problem` for anything but a text.
    func text(_ key: String) throws -> String? {
        guard let value = values[key] else { return nil }
        guard let text = value as? String else { throw Problem(.badRequest, "\(key) is a text.") }
        return text
    }

    /// - Throws: `Problem` for anything but a list of texts.
    func texts(_ key: String) throws -> [String]? {
        guard let value = values[key] else { return nil }
        guard let texts = value as? [String] else { throw Problem(.badRequest, "\(key) is a list of texts.") }
        return texts
    }
}

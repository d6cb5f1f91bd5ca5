import Certificates
import CurlBinding

/// Compares a response that has an expected status with the other expectations.
struct ExpectationCheck {
    let expectation: AnswerExpectation
    /// nil when no client certificate was sent. Placeholders then stay as they are and match nothing.
    let facts: ClientFacts?

    /// The unmet expectations, with the placeholders of the expected texts replaced. The actual texts are untrusted.
    func unmet(by result: TransferResult) -> [UnmetExpectation] {
        protocolTroubles(result) + headerTroubles(result) + bodyTroubles(result)
    }

    private func protocolTroubles(_ result: TransferResult) -> [UnmetExpectation] {
        var troubles: [UnmetExpectation] = []
        if let version = expectation.httpVersion, result.httpVersion != version.spoken {
            troubles.append(.httpVersion(spoken: result.httpVersion, expected: "\(version.spoken)"))
        }
        if let floor = expectation.tlsFloor {
            let spoken = result.handshake?.version
            if (spoken?.rawValue ?? 0) < floor.version.rawValue {
                troubles.append(.tlsVersion(spoken: spoken?.description, expected: "\(floor.rawValue)"))
            }
        }
        let milliseconds = Int(result.timings.total / 1_000)
        if let limit = expectation.responseTimeMilliseconds, milliseconds > limit {
            troubles.append(.slow(milliseconds: milliseconds, limit: Int(limit)))
        }
        return troubles
    }

    private func headerTroubles(_ result: TransferResult) -> [UnmetExpectation] {
        let headers = expectation.headers.compactMap { wanted -> UnmetExpectation? in
            let values = result.headers.filter { $0.name.lowercased() == wanted.name.lowercased() }.map(\.value)
            guard let text = wanted.value else {
                return values.isEmpty ? .headerMissing(name: wanted.name) : nil
            }
            guard !values.contains(filled(text)) else { return nil }
            return .headerDiffers(name: wanted.name, expected: filled(text), values: values.map(Self.shortened))
        }
        let cookies = expectation.cookies.compactMap { name -> UnmetExpectation? in
            let isSet = result.headers.contains {
                $0.name.lowercased() == "set-cookie" && $0.value.hasPrefix("\(name)=")
            }
            return isSet ? nil : .cookieMissing(name: name)
        }
        return headers + cookies
    }

    private func bodyTroubles(_ result: TransferResult) -> [UnmetExpectation] {
        var troubles = expectation.bodyTexts.compactMap { text -> UnmetExpectation? in
            result.bodyContains(filled(text)) ? nil : .bodyLacks(text: filled(text))
        }
        let body = String(decoding: result.body, as: UTF8.self)
        troubles += expectation.bodyPatterns.compactMap { pattern in
            // The configuration has validated the pattern, but an inserted fact could still make it invalid.
            let expression = try? Regex(filled(pattern))
            let matches = expression.flatMap { try? $0.firstMatch(in: body) } != nil
            return matches ? nil : .bodyDoesNotMatch(pattern: filled(pattern))
        }
        if !troubles.isEmpty { troubles.append(.body(start: Self.shortened(body))) }
        return troubles
            + expectation.jsonValues.compactMap { wanted in
                let came = wanted.path.scalar(in: result.body)
                guard came != filled(wanted.value) else { return nil }
                return .valueDiffers(
                    path: "\(wanted.path)", expected: filled(wanted.value), value: came.map(Self.shortened))
            }
    }

    /// The most characters of an untrusted text that are kept. The words shorten it further.
    private static let keptCharacters = 200

    private static func shortened(_ text: String) -> String { String(text.prefix(keptCharacters)) }

    private func filled(_ text: String) -> String {
        facts?.filling(text) ?? text
    }
}

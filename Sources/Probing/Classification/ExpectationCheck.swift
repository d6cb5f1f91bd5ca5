import CurlBinding

/// Compares a response that has an expected status with the other expectations.
struct ExpectationCheck {
    let expectation: AnswerExpectation
    /// nil when no client certificate was sent. Placeholders then stay as they are and match nothing.
    let facts: ClientFacts?

    /// The maximum length of a quotation in a message.
    private static let quotedCharacters = 120

    /// The unmet expectations as clauses for a person. Each contains the expected text with its placeholders replaced,
    /// and the beginning of the actual text, which is untrusted.
    func unmet(by result: TransferResult) -> [String] {
        protocolTroubles(result) + headerTroubles(result) + bodyTroubles(result)
    }

    private func protocolTroubles(_ result: TransferResult) -> [String] {
        var troubles: [String] = []
        if let version = expectation.httpVersion, result.httpVersion != version.spoken {
            troubles.append("it spoke \(result.httpVersion ?? "no HTTP") and not \(version.spoken)")
        }
        if let floor = expectation.tlsFloor {
            let spoken = result.handshake?.version
            if (spoken?.rawValue ?? 0) < floor.version.rawValue {
                troubles.append("it spoke \(spoken?.description ?? "an unknown TLS") and not TLS \(floor.rawValue)")
            }
        }
        let milliseconds = result.timings.total / 1_000
        if let limit = expectation.responseTimeMilliseconds, milliseconds > limit {
            troubles.append("it took \(milliseconds) ms, more than \(limit) ms")
        }
        return troubles
    }

    private func headerTroubles(_ result: TransferResult) -> [String] {
        let headers = expectation.headers.compactMap { wanted -> String? in
            let values = result.headers.filter { $0.name.lowercased() == wanted.name.lowercased() }.map(\.value)
            guard let text = wanted.value else {
                return values.isEmpty ? "the header \(wanted.name) is missing" : nil
            }
            guard !values.contains(filled(text)) else { return nil }
            let came = values.isEmpty ? "missing" : values.map(Self.quoted).joined(separator: " and ")
            return "the header \(wanted.name) is not \(Self.quoted(filled(text))) but \(came)"
        }
        let cookies = expectation.cookies.compactMap { name -> String? in
            let isSet = result.headers.contains {
                $0.name.lowercased() == "set-cookie" && $0.value.hasPrefix("\(name)=")
            }
            return isSet ? nil : "the cookie \(name) is not set"
        }
        return headers + cookies
    }

    private func bodyTroubles(_ result: TransferResult) -> [String] {
        var troubles = expectation.bodyTexts.compactMap { text in
            result.bodyContains(filled(text)) ? nil : "the body does not contain \(Self.quoted(filled(text)))"
        }
        let body = String(decoding: result.body, as: UTF8.self)
        troubles += expectation.bodyPatterns.compactMap { pattern in
            // The configuration has validated the pattern, but an inserted fact could still make it invalid.
            let expression = try? Regex(filled(pattern))
            let matches = expression.flatMap { try? $0.firstMatch(in: body) } != nil
            return matches ? nil : "the body does not match /\(filled(pattern))/"
        }
        if !troubles.isEmpty { troubles.append(body.isEmpty ? "it is empty" : "it is \(Self.quoted(body))") }
        return troubles
            + expectation.jsonValues.compactMap { wanted in
                let came = wanted.path.scalar(in: result.body)
                guard came != filled(wanted.value) else { return nil }
                let instead = came.map { "but \(Self.quoted($0))" } ?? "but missing"
                return "\(wanted.path) in the body is not \(Self.quoted(filled(wanted.value))) \(instead)"
            }
    }

    /// The text in quotation marks, shortened if it is long.
    private static func quoted(_ text: String) -> String {
        let start = text.prefix(quotedCharacters)
        return "\"\(start)\"" + (start.endIndex == text.endIndex ? "" : "…")
    }

    private func filled(_ text: String) -> String {
        facts?.filling(text) ?? text
    }
}

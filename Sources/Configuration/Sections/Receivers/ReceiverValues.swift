import Certificates
import Delivery
import TransportSecurity

/// The values of receivers. No message quotes a value that is a secret or leads to one.
extension Cursor {
    /// Reads the value for a key of `type`. Reports an invalid value and returns nil.
    func setting(_ type: SettingType, _ policy: PlaintextPolicy = .loopbackOnly) -> SettingValue? {
        switch type {
        case .text(let limit): boundedText(limit).map(SettingValue.text)
        case .choice(let choices): choice(among: choices).map(SettingValue.text)
        case .number(let range): wholeNumber(range).map(SettingValue.number)
        case .span(let range): span(within: range).map { .number(Int($0.seconds)) }
        case .command: command().map(SettingValue.list)
        case .headers: headers().map(SettingValue.mapping)
        case .webAddress: safeAddress(policy).map(SettingValue.text)
        case .webAddresses: distinctList { $0.safeAddress(policy) }.map(SettingValue.list)
        case .secretWebAddress: safeAddress(policy).map { .secret(Secret($0)) }
        case .secretWebAddressFile: namedFile(.address(policy)).map(SettingValue.file)
        case .flag: flag().map(SettingValue.flag)
        case .secretHeaders: SecretHeadersSection.read(self).map(SettingValue.secretHeaders)
        case .basicAuth: BasicAuthSection.read(self).map(SettingValue.login)
        case .hostname: hostname().map(SettingValue.text)
        case .json: jsonBody().map(SettingValue.json)
        case .secretFile: namedFile(.secret).map(SettingValue.file)
        case .signingSecretFile: namedFile(.signingSecrets).map(SettingValue.file)
        case .proxy: proxy().map(SettingValue.text)
        case .tls: .tls(TLSSection.read(self))
        case .addressRanges: addressRanges().map(SettingValue.ranges)
        case .server: server().map(SettingValue.text)
        case .mailAddress: mailAddress().map(SettingValue.text)
        case .mailAddresses: distinctList { $0.mailAddress() }.map(SettingValue.list)
        }
    }

    private func boundedText(_ limit: Int) -> String? {
        guard let text = scalarText() else { return nil }
        guard text.count <= limit else {
            report("is longer than \(limit) characters")
            return nil
        }
        return text
    }

    private func choice(among choices: [String]) -> String? {
        guard let text = scalarText() else { return nil }
        guard choices.contains(text) else {
            let known = choices.joined(separator: ", ")
            report("\(quoted(text)) is not one of \(known)\(didYouMean(text, among: choices))")
            return nil
        }
        return text
    }

    private func wholeNumber(_ range: ClosedRange<Int>) -> Int? {
        guard let text = scalarText() else { return nil }
        guard let number = Int(text), range.contains(number) else {
            report("\(quoted(text)) is not a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// An https URL, or an http URL on this machine or as `policy` allows. It may contain a token, so no message quotes
    /// it.
    private func safeAddress(_ policy: PlaintextPolicy) -> String? {
        guard let text = text() else { return nil }
        do throws(WebAddress.Defect) {
            try WebAddress.checkSafety(of: text, policy)
            return text
        } catch {
            report(error.rawValue + error.exception)
            return nil
        }
    }

    /// `http://` or `https://`, a host and a port.
    func proxy() -> String? {
        guard let text = text() else { return nil }
        do throws(WebAddress.Defect) {
            _ = try WebAddress(parsing: text)
            return text
        } catch {
            report(error == .scheme ? "must begin with http:// or https://" : error.rawValue)
            return nil
        }
    }

    private func server() -> String? {
        guard let text = text() else { return nil }
        guard ServerAddress(text) != nil else {
            report("\(quoted(text)) is not a host with a port, such as mail.example.com:587")
            return nil
        }
        return text
    }

    /// An address without a display name (RFC 5321 4.1.2, but without quoted local parts).
    private func mailAddress() -> String? {
        guard let text = text() else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>()[],;:\\\"".utf8.contains($0) }
        guard parts.count == 2, !parts[0].isEmpty, Hostname.isValid(String(parts[1])), isPlain, text.utf8.count <= 254
        else {
            report("\(quoted(text)) is not an address such as oncall@example.com")
            return nil
        }
        return text
    }

    private func addressRanges() -> [AddressRange]? {
        distinctList { element in
            guard let text = element.text() else { return nil }
            guard let range = AddressRange(parsing: text) else {
                element.report("\(quoted(text)) is not a range such as 10.1.2.0/24 or 2001:db8::/32")
                return nil
            }
            return range
        }
    }

    /// The path of a file that is read again for each attempt. Rejects a value that belongs into the file. The content is
    /// not checked here: an empty secret affects only the receiver that needs it.
    func namedFile(_ content: NamedFile.Content) -> String? {
        guard let text = pathText() else { return nil }
        guard !text.hasPrefix("whsec_"), !text.contains("://") else {
            report("names a file; put the value itself into that file")
            return nil
        }
        let path = reading.base.absolute(text)
        name(content, path)
        return path
    }

    /// Names of HTTP headers with their values, without those that notafter sets itself.
    private func headers() -> [String: String]? {
        guard let entries = entries() else { return nil }
        var headers: [String: String] = [:]
        for (name, value) in entries {
            guard value.canBeSetAsHeader(name) else { continue }
            if ["authorization", "cookie"].contains(name.lowercased()) {
                value.reportAtKey(
                    "is not taken, since people share their configuration: use bearer_token_file, basic_auth or http_headers"
                )
            }
            headers[name] = value.cursor.scalarText()
        }
        return headers
    }
}

extension KeyedValue {
    /// Whether the user may set the header `name`. Reports one that cannot be set.
    func canBeSetAsHeader(_ name: String) -> Bool {
        guard isHeaderName(name) else {
            reportAtKey("is not the name of an HTTP header")
            return false
        }
        let lowercased = name.lowercased()
        guard !ownHeaders.contains(lowercased), !lowercased.hasPrefix("webhook-") else {
            reportAtKey("is set by notafter itself")
            return false
        }
        return true
    }
}

private let ownHeaders: Set<String> = [
    "host", "content-type", "content-length", "transfer-encoding", "connection", "expect", "user-agent",
    "idempotency-key", "x-notafter-attempt", "cf-webhook-auth",
]

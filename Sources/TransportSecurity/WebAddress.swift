import Certificates

/// An http or https URL, parsed more strictly than libcurl does, so that libcurl cannot understand it differently.
package struct WebAddress: Equatable {
    package enum Scheme: String {
        case http
        case https
    }

    /// Why a text was refused. It does not contain the text, which may hold a token.
    package enum Defect: String, Error {
        case scheme = "must begin with https://"
        case character = "holds a blank, a control character, a backslash or one that is not ASCII; write it as %XX"
        case userInformation = "holds a user name or password, which does not belong into a URL"
        case fragment = "has a fragment (#), which is never sent"
        case host = "has no valid host"
        case port = "has no valid port (1 to 65535)"
    }

    package let scheme: Scheme
    /// In lower case. An IPv6 address has no brackets.
    package let host: String

    package init(parsing text: String) throws(Defect) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw .character
        }
        let lowercased = text.lowercased()
        guard let scheme = [Scheme.https, .http].first(where: { lowercased.hasPrefix($0.rawValue + "://") }) else {
            throw .scheme
        }
        self.scheme = scheme
        let rest = lowercased.dropFirst(scheme.rawValue.count + 3)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { throw .userInformation }
        guard !rest.contains("#") else { throw .fragment }
        self.host = try Self.host(of: authority)
    }

    private static func host(of authority: Substring) throws(Defect) -> String {
        let host: Substring
        let afterHost: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .host }
            host = authority[..<end].dropFirst()
            afterHost = authority[end...].dropFirst()
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { throw .host }
        } else {
            host = authority.prefix { $0 != ":" }
            afterHost = authority.dropFirst(host.count)
            guard Hostname.isValid(String(host)) else { throw .host }
        }
        if !afterHost.isEmpty {
            let digits = afterHost.dropFirst()
            guard
                afterHost.hasPrefix(":"), digits.allSatisfy(\.isNumber), let port = Int(digits),
                (1...65_535).contains(port)
            else { throw .port }
        }
        return String(host)
    }

    /// Whether data that is sent to it stays on this machine: 127.0.0.0/8, ::1 and localhost.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

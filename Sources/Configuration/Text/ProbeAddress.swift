import Certificates
import Probing
import TransportSecurity

extension Cursor {
    /// An https URL, or an http URL if `policy` allows it.
    func sourceURL(_ policy: PlaintextPolicy) -> String? {
        guard let text = text() else { return nil }
        do throws(WebAddress.Defect) {
            guard try WebAddress(parsing: text).scheme == .https || policy == .anywhere else { throw .scheme }
            return text
        } catch {
            report(error.rawValue + (error == .scheme ? " (http:// with allow_http: true)" : ""))
            return nil
        }
    }

    /// The URL of an endpoint, and its protocol.
    func probeURL() -> (url: String, kind: ProbeProtocol)? {
        guard let text = text() else { return nil }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard text.contains("://"), let kind = ProbeProtocol.allCases.first(where: { $0.rawValue == scheme }) else {
            let known = ProbeProtocol.allCases.map { "\($0.rawValue)://" }.joined(separator: ", ")
            report("must begin with one of \(known)")
            return nil
        }
        var rest = text.dropFirst(scheme.count + 3)
        if kind.takesUser, let at = rest.firstIndex(of: "@") {
            guard rest[..<at].unicodeScalars.allSatisfy(isNameCharacter), at != rest.startIndex else {
                report("holds something else than a user before the @; a password does not belong into a URL")
                return nil
            }
            rest = rest[rest.index(after: at)...]
        }
        do throws(WebAddress.Defect) {
            _ = try WebAddress(parsing: "https://\(Self.plain(rest))")
            return (text, kind)
        } catch {
            report(error.rawValue)
            return nil
        }
    }

    /// The part after the scheme, with the host normalized: without an address's zone or a name's trailing dot.
    private static func plain(_ rest: Substring) -> String {
        let authority = rest.prefix { !"/?#".contains($0) }
        let isBracketed = authority.hasPrefix("[")
        let written = isBracketed ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        guard let host = ProbeHost(String(written)) else { return String(rest) }
        let name = host.name.hasSuffix(".") ? String(host.name.dropLast()) : host.name
        return (isBracketed ? "[" + name : name) + rest[written.endIndex...]
    }
}

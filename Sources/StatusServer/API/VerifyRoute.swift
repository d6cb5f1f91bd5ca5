import Certificates
import Hummingbird
import LedgerStorage
import Logging

/// `/api/v1/verify`: 204 for a client that may be let in, and 403 for any other, as nginx's `auth_request` asks.
///
/// Source: ngx_http_auth_request_module: 2xx allows, 401 and 403 deny, and any other status is an error, which denies as
/// well.
struct VerifyRoute {
    /// As `proxy_set_header X-Client-Cert $ssl_client_escaped_cert;` of nginx sets it.
    static let defaultHeader = "X-Client-Cert"
    /// More than any header of these needs.
    private static let longestValue = 1_000
    private static let companions = ["Client-Cert-Chain", "Cf-Client-Cert-Sha256"]

    let content: any APIContent
    let logger: Logger

    func add(to router: Router<some RequestContext>) {
        router.get("/api/v1/verify") { request, _ in try await self.answer(to: request) }
    }

    private func answer(to request: Request) async throws -> Response {
        let query = Query(request)
        guard let registration = query.values("registration").last else {
            throw Problem(.badRequest, "registration is missing: name the entry whose CAs and expectations decide.")
        }
        let header = query.values("header").last ?? Self.defaultHeader
        guard let name = HTTPFields.Element.Name(header) else {
            throw Problem(.badRequest, "header is the name of the header with the certificate.")
        }
        let question = AdmissionRequest(
            header: header, lines: Self.lines(of: request.headers, name), registration: registration)
        let answer: AdmissionAnswer
        do {
            answer = try await content.answer(to: question)
        } catch let error as LedgerError {
            logger.warning("request not answered", metadata: ["error": "\(error)"])
            throw Problem(.serviceUnavailable, "The ledger cannot be read now; the log of notafter says why.")
        }
        switch answer {
        case .accepted(let subject, let fingerprint):
            return Response(
                status: .noContent,
                headers: Self.headers(["Subject": subject, "Fingerprint": fingerprint.description]))
        case .refused(let reason): return Response(status: .forbidden, headers: Self.headers(["Reason": reason]))
        case .unanswerable(let reason): throw Problem(.badRequest, "\(reason).")
        }
    }

    /// The header and its companions as lines; nil without it.
    private static func lines(of headers: HTTPFields, _ name: HTTPFields.Element.Name) -> [UInt8]? {
        guard let value = headers[name], !value.isEmpty, value != "-" else { return nil }
        var lines = "\(name.canonicalName): \(value)\n"
        for companion in companions.compactMap({ HTTPFields.Element.Name($0) }) where companion != name {
            if let value = headers[companion] { lines += "\(companion.canonicalName): \(value)\n" }
        }
        return Array(lines.utf8)
    }

    private static func headers(_ values: [String: String]) -> HTTPFields {
        var fields: HTTPFields = [.cacheControl: "no-store"]
        for (key, value) in values {
            guard let name = HTTPFields.Element.Name("X-Notafter-\(key)") else { continue }
            fields[name] = safe(value)
        }
        return fields
    }

    /// A text for a header, in one line of printable ASCII (RFC 9110 5.5). Other characters, and the percent sign, are
    /// escaped as in URLs, since it may quote a certificate.
    static func safe(_ text: String) -> String {
        var safe = ""
        for byte in text.utf8.prefix(longestValue) {
            switch byte {
            case UInt8(ascii: "%"), ..<0x20, 0x7F...:
                let digits = String(byte, radix: 16, uppercase: true)
                safe += "%" + (digits.count < 2 ? "0" : "") + digits
            default: safe.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return safe
    }
}

import Certificates
import CurlBinding
import TransportSecurity

/// Fetches a URL with a conditional request (RFC 9110 13.1.2), so that unchanged content is not sent again.
package struct URLFetcher: Sendable {
    /// The same limit as for files.
    private static let bodyLimit = 8 << 20

    private let loop: TransferLoop
    private let credentials = CredentialStore()

    package init(loop: TransferLoop) {
        self.loop = loop
    }

    /// Fetches the content of `source`. `validator` is the ETag of the known content.
    package func fetch(_ source: URLSource, validator: [UInt8]?) async -> Fetched {
        let tls: Credentials
        do {
            tls = try await credentials.credentials(for: source.tls)
        } catch {
            return .failed(Defect(.readFailed, "its tls_config cannot be used: \(error)"))
        }
        let fields: [HeaderField]
        do {
            fields = try source.credentials().fields
        } catch {
            return .failed(Defect(.readFailed, "\(error)"))
        }
        return Self.classified(await loop.perform(Self.transfer(source, tls, fields, validator: validator)))
    }

    private static func transfer(
        _ source: URLSource, _ tls: Credentials, _ fields: [HeaderField], validator: [UInt8]?
    ) -> Transfer {
        var headers = [HeaderField("User-Agent", "notafter")] + fields
        if let validator { headers.append(HeaderField("If-None-Match", String(decoding: validator, as: UTF8.self))) }
        var transfer = Transfer(
            url: source.url, headers: headers, timeoutMilliseconds: Int(source.timeout.seconds) * 1_000,
            maximumBodyBytes: bodyLimit, schemes: source.plaintext == .anywhere ? .httpsOrHTTP : .https,
            httpVersion: .preferHTTP2, serverName: source.tls.serverName)
        transfer.use(tls)
        return transfer
    }

    private static func classified(_ result: TransferResult) -> Fetched {
        switch result.status {
        case 200 where result.bodyWasTruncated:
            .failed(Defect(.tooLarge, "it has more than the \(bodyLimit) bytes that are read"))
        case 200 where result.code == .ok:
            .content(result.body, validator: result.header("etag").map { Array($0.utf8) })
        case 304: .unchanged
        case .some(let status) where result.code == .ok:
            .failed(Defect(status == 404 || status == 410 ? .notFound : .readFailed, "it answers HTTP \(status)"))
        case .some, nil:
            .failed(Defect(.readFailed, result.message.isEmpty ? result.code.explanation : result.message))
        }
    }
}

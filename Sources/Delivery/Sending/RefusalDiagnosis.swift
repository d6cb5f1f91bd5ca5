import Certificates
import CurlBinding
import TransportSecurity

/// Finds the reason why a TLS server ended the handshake or connection, and describes it as probes do.
struct RefusalDiagnosis {
    let transfers: any TransferPerforming
    let client: Credentials.Client?
    /// The file of the client certificate.
    let certFile: String?
    let now: Instant

    /// Finds the server's TLS alert, with a second connection if the first one lost it.
    ///
    /// - Parameters:
    ///   - result: the result of `transfer`.
    ///   - transfer: a transfer that records its handshake.
    ///   - milliseconds: the remaining time of the attempt.
    /// - Returns: `result`, with the server's alert as its message if there was one.
    func explained(
        _ result: TransferResult, of transfer: Transfer, within milliseconds: Int
    ) async -> TransferResult {
        guard result.status == nil, ![.ok, .cancelled, .timedOut].contains(result.code) else { return result }
        var result = result
        let fact = ClientCertificateFact(client?.validity, at: now)
        if let found = TLSRefusal.found(in: result, showing: fact) {
            // A server that refuses the client in TLS has not read the request.
            result.uploadedBytes = 0
            result.message = message(found, fact)
        } else if result.handshake?.certificateRequested == true, transfer.schemes != .smtp {
            // The server asked for a certificate and closed without an alert. A TCP reset may have discarded the alert.
            var listening = transfer.listening
            listening.timeoutMilliseconds = milliseconds
            let listened = await transfers.perform(listening)
            if let found = TLSRefusal.found(in: listened, showing: fact) { result.message = message(found, fact) }
        }
        return result
    }

    private func message(_ found: (alert: TLSAlert, refusal: TLSRefusal), _ fact: ClientCertificateFact) -> String {
        let explanation = found.refusal.explanation(showing: fact)
        guard let client, let certFile else {
            let step = found.refusal == .noCertificate ? " Set tls_config.cert_file and key_file." : ""
            return "TLS alert \(found.alert). \(explanation)\(step)"
        }
        let end = client.validity.notAfter.map { ", notAfter \($0)" } ?? ""
        return "TLS alert \(found.alert) to the client certificate \(certFile)\(end). \(explanation)"
    }
}

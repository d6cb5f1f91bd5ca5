import Certificates
import CurlBinding
import TransportSecurity

/// Finds the reason of a TLS server that broke off with us, in the words that probes have for it.
struct RefusalHearing {
    let transfers: any TransferPerforming
    let client: Credentials.Client?
    /// Where the client certificate is from.
    let certFile: String?
    let now: Instant

    /// Finds the alert, by a second connection where the first one lost it.
    ///
    /// - Parameters:
    ///   - result: what came of `transfer`.
    ///   - transfer: one that records its handshake.
    ///   - milliseconds: what is left of the attempt's time.
    /// - Returns: `result` with the server's alert for its message, where it sent one.
    func explained(
        _ result: TransferResult, of transfer: Transfer, within milliseconds: Int
    ) async -> TransferResult {
        guard result.status == nil, ![.ok, .cancelled, .timedOut].contains(result.code) else { return result }
        var result = result
        let fact = ClientCertificateFact(client?.validity, at: now)
        if let found = TLSRefusal.found(in: result, showing: fact) {
            // What a server refuses in TLS it has not read.
            result.uploadedBytes = 0
            result.message = message(found, fact)
        } else if result.handshake?.certificateRequested == true, transfer.schemes != .smtp {
            // The server asked, and closed without a word: the alert may have been lost behind a reset.
            var listening = transfer.listening
            listening.timeoutMilliseconds = milliseconds
            let heard = await transfers.perform(listening)
            if let found = TLSRefusal.found(in: heard, showing: fact) { result.message = message(found, fact) }
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

import CertificateDecoding
import Certificates
import NIOCore
import NIOSSL

/// The certificate that the client of a connection presented and TLS verified.
enum ClientCertificate {
    /// nil without one, or on a connection without TLS.
    ///
    /// - Throws: `Problem` for a certificate that expired after the handshake, which a resumed session would carry on.
    static func subject(of channel: any Channel, at now: Instant) async throws -> String? {
        let presented: NIOSSLCertificate?
        do {
            presented = try await channel.nioSSL_peerCertificate().get()
        } catch is ChannelPipelineError {
            return nil
        }
        guard let presented else { return nil }
        let notAfter = Instant(seconds: Int64(presented.notValidAfter))
        guard now <= notAfter else {
            throw Problem(.unauthorized, "The client certificate expired \(notAfter): renew it, and connect again.")
        }
        return try CertificateDecoder().certificate(der: presented.toDERBytes())?.subject ?? ""
    }
}

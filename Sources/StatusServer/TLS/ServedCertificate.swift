import Logging
import NIOSSL
import TransportSecurity

/// The certificate that the listener presents, with its key and the CAs of its clients: as the files have them now.
///
/// The files are read again for each connection, which is cheaper than its handshake, so a renewed certificate is served
/// without a restart. Files that do not fit together, as between the replacement of a certificate and that of its key,
/// change nothing: what was served last is served on.
actor ServedCertificate {
    private let files: ServerTLSFiles
    private let logger: Logger
    private var context: NIOSSLContext
    private var digest: [UInt8]
    /// The contents that were refused last, so that the log has each refusal once.
    private var refusal: String?

    /// - Throws: `CredentialError`, which names the file at fault.
    init(_ files: ServerTLSFiles, logger: Logger) throws {
        let credentials = try ServerCredentials(reading: files)
        self.files = files
        self.logger = logger
        context = try Self.context(credentials, files)
        digest = credentials.digest
    }

    /// The context of a connection that begins now.
    func current() -> NIOSSLContext {
        do {
            let credentials = try ServerCredentials(reading: files)
            guard credentials.digest != digest else {
                refusal = nil
                return context
            }
            context = try Self.context(credentials, files)
            digest = credentials.digest
            refusal = nil
            logger.info("certificate of the listener read anew", metadata: ["file": "\(files.certificate)"])
        } catch {
            let reason = "\(error)"
            if reason != refusal {
                logger.error(
                    "certificate of the listener not read anew; the last one is served on",
                    metadata: ["error": "\(reason)"])
            }
            refusal = reason
        }
        return context
    }

    private static func context(_ credentials: ServerCredentials, _ files: ServerTLSFiles) throws -> NIOSSLContext {
        try credentials.check(files)
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(credentials.certificatePEM).map {
                    .certificate($0)
                },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: credentials.keyPEM, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            // Of TLS 1.2 only suites with forward secrecy and authenticated encryption (RFC 9325 4.2).
            configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
            configuration.applicationProtocols = ["http/1.1"]
            if let authorities = credentials.clientAuthoritiesPEM {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(authorities))
                // A certificate that is presented must be good. Without one, AccessCheck decides, since health needs none.
                configuration.certificateVerification = .optionalVerification
                configuration.sendCANameList = true
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CredentialError(path: files.certificate, reason: "cannot be served with \(files.key): \(error)")
        }
    }
}

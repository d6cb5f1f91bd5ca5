/// The server's part of the TLS handshake, read from its messages as they arrive. libcurl's own record
/// (`CURLINFO_CERTINFO`) is empty when the handshake fails, which is when it is needed most.
package struct HandshakeRecord: Hashable, Sendable {
    /// The protocol version that ServerHello chose.
    package var version: TLSVersion?
    /// DER of the server's certificates in the order sent, the server's own first.
    package var presentedChain: [[UInt8]]
    /// Descriptions (RFC 8446 6) of the received alerts that report a failure.
    package var alertsReceived: [UInt8]
    /// Whether the server asked for a client certificate.
    package var certificateRequested: Bool
    /// DER of the CA names that the server accepts. Empty when it names none.
    package var acceptableAuthorities: [[UInt8]]

    /// The signature algorithms that the server accepts from the client (RFC 8446 4.2.3), in its order. Empty until it
    /// asks for a certificate.
    package var signatureSchemes: [UInt16] = []

    /// The number of certificates in the client's last Certificate message. nil when it sent none. OpenSSL sends an
    /// empty message when no certificate is configured, and when the key supports no signature algorithm of the server.
    package var certificatesSent: Int?

    /// Whether the server has issued a session ticket. Under TLS 1.3 it does so only after the client's Finished (RFC
    /// 8446 4.6.1), and thus after it has verified the client's certificate or its absence.
    package var hasSessionTicket = false

    package init(
        version: TLSVersion? = nil, presentedChain: [[UInt8]] = [], alertsReceived: [UInt8] = [],
        certificateRequested: Bool = false, acceptableAuthorities: [[UInt8]] = []
    ) {
        self.version = version
        self.presentedChain = presentedChain
        self.alertsReceived = alertsReceived
        self.certificateRequested = certificateRequested
        self.acceptableAuthorities = acceptableAuthorities
    }
}

extension HandshakeRecord {
    /// `close_notify` and `user_canceled`, which report no failure.
    private static let peacefulAlerts: [UInt8] = [0, 90]
    /// ServerHello, NewSessionTicket, Certificate, CertificateRequest (RFC 8446 4).
    private static let typesOfInterest: Set<UInt8> = [2, 4, 11, 13]
    /// Limits the memory that a malicious server can use.
    private static let maximumAlerts = 16

    /// Whether TLS has accepted the client, once the handshake is complete. Under TLS 1.2 the completion is the
    /// acceptance.
    package var isAccepted: Bool { version == .tls12 || hasSessionTicket }

    /// Handles one complete handshake message of the server.
    package mutating func receive(_ message: UnsafeRawBufferPointer) {
        guard let type = message.first, Self.typesOfInterest.contains(type) else { return }
        var reader = TLSReader(Array(message.dropFirst()))
        guard var body = reader.vector(lengthOctets: 3), reader.isAtEnd else { return }
        switch type {
        case 2: version = Self.version(serverHello: &body)
        case 4: hasSessionTicket = true
        case 11: presentedChain = Self.certificates(in: &body, version: version) ?? []
        case 13:
            certificateRequested = true
            let request = Self.request(in: &body, version: version)
            acceptableAuthorities = request?.authorities ?? []
            signatureSchemes = request?.schemes ?? []
        default: break
        }
    }

    /// Handles one alert of the server: its level and its description.
    package mutating func receive(alert message: UnsafeRawBufferPointer) {
        guard message.count == 2, (1...2).contains(message[0]) else { return }
        receive(alert: message[1], level: message[0])
    }

    /// Until TLS 1.2 an alert of level 1 is a warning, after which the handshake continues (such as
    /// `unrecognized_name`). TLS 1.3 ignores the level.
    private mutating func receive(alert: UInt8, level: UInt8) {
        let isFatal = (level == 2 || version == .tls13) && !Self.peacefulAlerts.contains(alert)
        if isFatal, alertsReceived.count < Self.maximumAlerts {
            alertsReceived.append(alert)
        }
    }

    /// RFC 5246 7.4.1.3, RFC 8446 4.1.3. In TLS 1.3 the version is in an extension.
    private static func version(serverHello reader: inout TLSReader) -> TLSVersion? {
        guard
            let legacyVersion = reader.integer(octets: 2), reader.skip(32), reader.vector(lengthOctets: 1) != nil,
            reader.skip(3)
        else { return nil }
        var extensions = reader.vector(lengthOctets: 2) ?? TLSReader([])
        var supportedVersions = extensions.extensionData(type: 43)
        return TLSVersion(rawValue: UInt16(supportedVersions?.integer(octets: 2) ?? legacyVersion))
    }

    /// RFC 5246 7.4.2, RFC 8446 4.4.2. TLS 1.3 adds a context before the list, and extensions after each certificate.
    private static func certificates(in reader: inout TLSReader, version: TLSVersion?) -> [[UInt8]]? {
        if version == .tls13, reader.vector(lengthOctets: 1) == nil { return nil }
        guard var list = reader.vector(lengthOctets: 3) else { return nil }
        var certificates: [[UInt8]] = []
        while let certificate = list.vector(lengthOctets: 3) {
            certificates.append(certificate.remaining)
            if version == .tls13, list.vector(lengthOctets: 2) == nil { break }
        }
        return certificates
    }

    /// RFC 5246 7.4.4; RFC 8446 4.3.2 with 4.2.3 and 4.2.4.
    private static func request(
        in reader: inout TLSReader, version: TLSVersion?
    ) -> (authorities: [[UInt8]], schemes: [UInt16])? {
        var names: TLSReader?
        var algorithms: TLSReader?
        if version == .tls13 {
            guard reader.vector(lengthOctets: 1) != nil, let extensions = reader.vector(lengthOctets: 2) else {
                return nil
            }
            var (first, second) = (extensions, extensions)
            var authorities = first.extensionData(type: 47)
            names = authorities?.vector(lengthOctets: 2)
            var signatures = second.extensionData(type: 13)
            algorithms = signatures?.vector(lengthOctets: 2)
        } else {
            guard reader.vector(lengthOctets: 1) != nil, let signatures = reader.vector(lengthOctets: 2) else {
                return nil
            }
            algorithms = signatures
            names = reader.vector(lengthOctets: 2)
        }
        var authorities: [[UInt8]] = []
        while let name = names?.vector(lengthOctets: 2) { authorities.append(name.remaining) }
        var schemes: [UInt16] = []
        while let scheme = algorithms?.integer(octets: 2) { schemes.append(UInt16(scheme)) }
        return (authorities, schemes)
    }

    /// Handles one complete handshake message of the client. Only the Certificate message is used.
    package mutating func note(sent message: UnsafeRawBufferPointer) {
        guard message.first == 11 else { return }
        var reader = TLSReader(Array(message.dropFirst()))
        guard
            var body = reader.vector(lengthOctets: 3), reader.isAtEnd,
            let certificates = Self.certificates(in: &body, version: version)
        else { return }
        certificatesSent = certificates.count
    }
}

import Certificates
import OpenSSLBinding

/// Bytes of any supported format to certificates, with the defects beside them. One object belongs to one thread at a time.
package final class CertificateDecoder {
    /// More of them tell a person nothing, and a hostile file has room for hundreds of thousands. All of it is read still.
    private static let defectLimit = 64

    private let reader: CertificateReader
    private var base64 = Base64Decoder()
    /// The DER of what is decoded, where somebody wants to verify it; the model leaves it out.
    var keptDER: [Fingerprint: [UInt8]]?

    /// - Throws: `OpenSSLError` where OpenSSL has no SHA-256 to offer.
    package init() throws {
        reader = CertificateReader(digest: try SHA256())
    }

    /// Decodes a container: PEM with any number of blocks, or DER.
    ///
    /// A certificate for which `knows` is true is not decoded again, so defects of its own (an unreadable date, say) come
    /// up only once; the certificate itself still tells. Bytes that hold no certificate and no mark of one are empty
    /// without a defect, since keys and configurations lie beside certificates.
    package func decode(
        _ bytes: Span<UInt8>, knows: (Fingerprint) -> Bool = { _ in false }
    ) -> DecodedContainer {
        switch ContainerFormat(of: bytes) {
        case .der: decode(der: bytes, knows: knows)
        case .pem: decode(pem: bytes, knows: knows)
        case .utf16PEM(let text): decode(pem: text.span, knows: knows)
        case .foreign: Self.withoutCertificates(bytes)
        }
    }

    /// Decodes a container with all its certificates.
    package func bundle(_ bytes: [UInt8]) -> CertificateBundle {
        let container = decode(bytes.span)
        return CertificateBundle(certificates: container.entries.compactMap(\.certificate), defects: container.defects)
    }

    /// The certificate that `der` is, as an endpoint presents it; nil if neither we nor OpenSSL can read it.
    package func certificate(der: [UInt8]) -> Certificate? {
        next(in: der.span, knows: { _ in false }).entry?.certificate
    }

    private func decode(der bytes: Span<UInt8>, knows: (Fingerprint) -> Bool) -> DecodedContainer {
        let isMarked = CertificateMark.stands(inDER: bytes)
        // Two SEQUENCEs in each other: neither a key nor PKCS #7 or #12 begins so, and none of them troubles OpenSSL.
        guard isMarked || CertificateMark.isConceivable(inDER: bytes) else { return DecodedContainer() }
        var container = DecodedContainer()
        append(allOf: bytes, to: &container, knows: knows)
        // A request and a revocation list begin as a certificate of version 1 does, and are no broken one.
        return container.entries.isEmpty && !isMarked ? DecodedContainer() : container
    }

    private func decode(pem text: Span<UInt8>, knows: (Fingerprint) -> Bool) -> DecodedContainer {
        var container = DecodedContainer()
        var cutter = PEMCutter()
        var lines = LineCounter()
        while let block = cutter.next(in: text) {
            guard block.label != .other else { continue }
            let earlier = container.defects.count
            let offset = decode(block, in: text, knows: knows, into: &container)
            for index in earlier..<container.defects.count {
                let defect = container.defects[index]
                container.defects[index] = Defect(
                    defect.reason, "line \(lines.line(of: offset, in: text)): \(defect.message)")
            }
            container.defects.removeLast(max(0, container.defects.count - Self.defectLimit))
        }
        return container.entries.isEmpty && container.defects.isEmpty ? Self.withoutCertificates(text) : container
    }

    /// Decodes one block.
    ///
    /// - Returns: the offset of the line to name with its defects.
    private func decode(
        _ block: PEMBlock, in text: Span<UInt8>, knows: (Fingerprint) -> Bool, into container: inout DecodedContainer
    ) -> Int {
        // Lent for the time of this call, so that one buffer serves all blocks of all files.
        var decoder = Base64Decoder()
        swap(&decoder, &base64)
        defer { swap(&decoder, &base64) }
        do throws(PEMFlaw) {
            let length = try block.decodeBody(in: text, &decoder)
            let der = decoder.buffer.span.extracting(0..<length)
            if block.label == .trustedCertificate {
                append(firstOf: der, to: &container, knows: knows)
            } else {
                append(allOf: der, to: &container, knows: knows)
            }
            return block.start
        } catch {
            container.defects.append(error.defect)
            return error.offset ?? block.start
        }
    }

    /// What bytes amount to in which no certificate was found.
    private static func withoutCertificates(_ bytes: Span<UInt8>) -> DecodedContainer {
        guard CertificateMark.stands(inText: bytes) else { return DecodedContainer() }
        return DecodedContainer(
            defects: [Defect(.noCertificateFound, "it says BEGIN CERTIFICATE and holds none that can be read")])
    }
}

extension CertificateDecoder {
    /// What stands at the start of some DER, and where it ends.
    private struct Step {
        var entry: DecodedContainer.Entry?
        var defects: [Defect] = []
        /// nil where it cannot be told.
        var end: Int?
    }

    /// Appends the certificate at the start of `der`; OpenSSL's trust settings follow it.
    private func append(
        firstOf der: Span<UInt8>, to container: inout DecodedContainer, knows: (Fingerprint) -> Bool
    ) {
        let step = next(in: der, knows: knows)
        if let entry = step.entry { container.entries.append(entry) }
        container.defects += step.defects
    }

    /// Appends the certificates that `der` consists of: mostly one, but nobody shall lose a second one behind it.
    private func append(
        allOf der: Span<UInt8>, to container: inout DecodedContainer, knows: (Fingerprint) -> Bool
    ) {
        var rest = der
        while true {
            let step = next(in: rest, knows: knows)
            if let entry = step.entry { container.entries.append(entry) }
            container.defects += step.defects
            guard let end = step.end, end < rest.count else { return }
            rest = rest.extracting(end..<rest.count)
            guard rest[0] == 0x30 else { break }
        }
        let isPadding = rest.indices.allSatisfy { [0x00, 0x09, 0x0A, 0x0D, 0x20].contains(rest[$0]) }
        if !isPadding {
            container.defects.append(Defect(.badDER, "\(rest.count) bytes that are no certificate follow one"))
        }
    }

    private func next(in bytes: Span<UInt8>, knows: (Fingerprint) -> Bool) -> Step {
        var cursor = DERCursor(0..<bytes.count)
        var end: Int?
        do throws(DERRefusal) {
            let element = try cursor.next(0x30, in: bytes)
            end = element.content.upperBound
            let fingerprint = fingerprint(of: bytes.extracting(element.range))
            guard !knows(fingerprint) else { return Step(entry: .known(fingerprint), end: end) }
            let read = try reader.certificate(element, of: bytes, fingerprint: fingerprint)
            keptDER?[fingerprint] = bytes.bytes(element.range)
            return Step(entry: .read(read.certificate), defects: read.defects, end: end)
        } catch {
            return judged(bytes.extracting(0..<(end ?? bytes.count)), end: end, knows: knows)
        }
    }

    /// OpenSSL has the last word on what our reader refuses.
    private func judged(_ bytes: Span<UInt8>, end: Int?, knows: (Fingerprint) -> Bool) -> Step {
        do throws(OpenSSLError) {
            let judged = try JudgedCertificate(bytes)
            let fingerprint = fingerprint(of: bytes.extracting(0..<judged.length))
            guard !knows(fingerprint) else { return Step(entry: .known(fingerprint), end: judged.length) }
            let read = reader.certificate(judged: judged, fingerprint: fingerprint)
            keptDER?[fingerprint] = bytes.bytes(0..<judged.length)
            return Step(entry: .read(read.certificate), defects: read.defects, end: judged.length)
        } catch {
            return Step(defects: [Defect(.badDER, "this is no certificate that OpenSSL can read (\(error))")], end: end)
        }
    }

    private func fingerprint(of der: Span<UInt8>) -> Fingerprint {
        guard let fingerprint = Fingerprint(bytes: reader.digest.digest(der)) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        return fingerprint
    }
}

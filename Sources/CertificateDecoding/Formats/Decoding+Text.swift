import Certificates

extension Decoding {
    /// Takes the blocks of a PEM text, one after the other, whatever is wrong with some of them.
    mutating func takePEM(_ text: Span<UInt8>) {
        var cutter = PEMCutter()
        var lines = LineCounter()
        while let block = cutter.next(in: text) {
            guard block.label != .other || block.swallowed != nil else { continue }
            let earlier = found.defects.count
            let offset = take(block, of: text)
            locateDefects(from: earlier) { "line \(lines.line(of: offset, in: text))" }
        }
        if text.contains(EncodedPEM.mark) { takeEncodedPEM(text) }
        reportUnlessFound(in: text)
    }

    /// - Returns: the offset of the line to name with the block's defects.
    private mutating func take(_ block: PEMBlock, of text: Span<UInt8>) -> Int {
        do throws(PEMFlaw) {
            try withDecoded { decoder throws(PEMFlaw) in
                try block.decodeBody(in: text, &decoder)
            } body: { decoding, der in
                switch block.label {
                case .certificate: decoding.takeCertificate(allOf: der)
                case .trustedCertificate: _ = decoding.takeFirstCertificate(of: der)
                case .revocationList: decoding.takeRevocationList(der)
                case .signedData: decoding.takeSignedData(der)
                case .pkcs12: decoding.takePKCS12(der)
                case .other: break
                }
            }
            return block.start
        } catch {
            report(error.defect(of: block.label))
            return error.offset ?? block.start
        }
    }

    /// UTF-16 is listed nowhere, and so told of.
    mutating func takeUTF16(_ bytes: Span<UInt8>) {
        guard UTF16Text.holds("BEGIN CERTIFICATE-", in: bytes) else { return }
        report(.badPEM, "it is UTF-16 text, in which TLS software finds no certificate; save it as UTF-8")
    }

    /// Takes what the strings of a JSON text hold.
    mutating func takeJSON(_ text: Span<UInt8>) {
        let before = count
        var strings = JSONStrings()
        while let string = strings.next(in: text) {
            if string.count >= Self.leastString { take(string.span) }
        }
        // YAML's flow style looks like JSON, and needs no quotes.
        if count == before, text.contains(EncodedPEM.mark) { takeEncodedPEM(text) }
        reportUnlessFound(in: text)
    }

    /// A shorter string holds no container.
    private static var leastString: Int { 64 }

    /// Takes each base64 of PEM amid other text.
    mutating func takeEncodedPEM(_ text: Span<UInt8>) {
        var cutter = EncodedPEM()
        var lines = LineCounter()
        while let range = cutter.next(in: text) {
            let earlier = found.defects.count
            takeBase64(text, range)
            locateDefects(from: earlier) { "line \(lines.line(of: range.lowerBound, in: text))" }
        }
    }

    /// Takes base64 of any container.
    mutating func takeBase64(_ text: Span<UInt8>) {
        // Letters and digits that are no base64 are a text as any other.
        try? withDecoded { decoder throws(Base64Decoder.Flaw) in
            try decoder.decode(text, 0..<text.count)
        } body: { decoding, bytes in
            decoding.take(bytes)
        }
    }

    /// Takes base64 that can be nothing but PEM.
    private mutating func takeBase64(_ text: Span<UInt8>, _ range: Range<Int>) {
        do throws(Base64Decoder.Flaw) {
            try withDecoded { decoder throws(Base64Decoder.Flaw) in
                try decoder.decode(text, range)
            } body: { decoding, bytes in
                decoding.take(bytes)
            }
        } catch {
            report(.badPEM, "base64 of PEM is cut short, or is none")
        }
    }

    /// Lends the base64 decoder to `decode`, then its output to `body`; what lies inside gets a decoder of its own.
    private mutating func withDecoded<Flaw>(
        _ decode: (inout Base64Decoder) throws(Flaw) -> Int, body: (inout Decoding, Span<UInt8>) -> Void
    ) throws(Flaw) {
        var decoder = Base64Decoder()
        swap(&decoder, &base64)
        defer { swap(&decoder, &base64) }
        let length = try decode(&decoder)
        body(&self, decoder.buffer.span.extracting(0..<length))
    }
}

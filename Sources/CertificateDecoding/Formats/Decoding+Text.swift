import Certificates

extension Decoding {
    /// Decodes the blocks of a PEM text one after the other, even if some of them are malformed.
    mutating func takePEM(_ text: Span<UInt8>) {
        var cutter = PEMCutter()
        var lines = LineCounter()
        // Whether the blocks are in strings of another notation, in which they may also begin a line.
        var isNotation = false
        while let block = cutter.next(in: text) {
            guard block.label != .other || block.swallowed != nil else { continue }
            let earlier = found.defects.count
            let offset = take(block, of: text)
            isNotation = isNotation || block.setting == .string
            if !isNotation, block.isEscaped(in: text), found.defects.count == earlier {
                report(.badPEM, "the line ends of this PEM are written as \\n, where TLS software finds no certificate")
            }
            locateDefects(from: earlier) { "line \(lines.line(of: offset, in: text))" }
        }
        if text.contains(EncodedPEM.mark) { takeEncodedPEM(text) }
        reportUnlessFound(in: text)
    }

    /// - Returns: the offset whose line the defects of the block name.
    private mutating func take(_ block: PEMBlock, of text: Span<UInt8>) -> Int {
        do throws(PEMFlaw) {
            try withDecoded { decoder throws(PEMFlaw) in
                try block.decodeBody(in: text, &decoder)
            } body: { decoding, der in
                decoding.take(der, in: block.label)
            }
            return block.start
        } catch {
            report(error.defect(of: block.label))
            return error.offset ?? block.start
        }
    }

    /// Decodes the content of a block by its own format, since PKCS #7 is often written with the label of a
    /// certificate, for example by AD CS. The label decides when the format cannot be detected.
    private mutating func take(_ der: Span<UInt8>, in label: PEMBlock.Label) {
        switch (ContainerFormat.binary(der), label) {
        case (.signedData, _): takeSignedData(der)
        case (.pkcs12, _): takePKCS12(der)
        case (.revocationList, _): takeRevocationList(der)
        case (_, .trustedCertificate): _ = takeFirstCertificate(of: der)
        case (.certificate, _) where CertificateMark.stands(inDER: der): takeCertificate(allOf: der)
        case (_, .certificate): takeCertificate(allOf: der)
        case (_, .revocationList): takeRevocationList(der)
        case (_, .signedData): takeSignedData(der)
        case (_, .pkcs12): takePKCS12(der)
        case (_, .other): break
        }
    }

    /// Decodes a text in UTF-16.
    mutating func takeUTF16(_ bytes: Span<UInt8>) {
        let text = UTF16Text.decoded(bytes)
        takeReferences(in: text.span)
        take(text.span)
    }

    /// Decodes the strings of a JSON text.
    mutating func takeJSON(_ text: Span<UInt8>) {
        let before = count
        var strings = JSONStrings()
        while let string = strings.next(in: text) {
            if string.count >= Self.leastString { take(string.span) }
        }
        // YAML's flow style looks like JSON and needs no quotes.
        if count == before, text.contains(EncodedPEM.mark) { takeEncodedPEM(text) }
        reportUnlessFound(in: text)
    }

    /// A shorter string cannot contain a container.
    private static var leastString: Int { 64 }

    /// Decodes each base64 of PEM in other text.
    mutating func takeEncodedPEM(_ text: Span<UInt8>) {
        var cutter = EncodedPEM()
        var lines = LineCounter()
        while let range = cutter.next(in: text) {
            let earlier = found.defects.count
            takeBase64(text, range)
            locateDefects(from: earlier) { "line \(lines.line(of: range.lowerBound, in: text))" }
        }
    }

    /// Decodes the base64 of any container.
    mutating func takeBase64(_ text: Span<UInt8>) {
        // Letters and digits that are not valid base64 are ordinary text.
        try? withDecoded { decoder throws(Base64Decoder.Flaw) in
            try decoder.decode(text, 0..<text.count)
        } body: { decoding, bytes in
            decoding.take(bytes)
        }
    }

    /// Decodes base64 that can only be PEM.
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

    /// Lends the base64 decoder to `decode`, then its output to `body`. Nested content uses a decoder of its own.
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

import Certificates

extension Decoding {
    /// Takes the blocks of a PEM text, one after the other, whatever is wrong with some of them.
    mutating func takePEM(_ text: Span<UInt8>) {
        var cutter = PEMCutter()
        var lines = LineCounter()
        // Whether blocks lie in the strings of another notation, which may also begin a line.
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

    /// - Returns: the offset of the line to name with the block's defects.
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

    /// Takes what lies in a block: by what it is, since people and AD CS write PKCS #7 under the label of a certificate; by its
    /// label where that cannot be told.
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

    /// Takes what lies in a text in UTF-16.
    mutating func takeUTF16(_ bytes: Span<UInt8>) {
        let text = UTF16Text.decoded(bytes)
        takeReferences(in: text.span)
        take(text.span)
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

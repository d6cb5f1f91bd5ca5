/// How a container is written, recognised by what it holds and never by its name.
enum ContainerFormat {
    /// One or more PEM blocks, with any text between them.
    case pem
    /// The same in UTF-16; the text is the ASCII in it.
    case utf16PEM(text: [UInt8])
    /// A certificate in DER, or another structure that begins like one.
    case der
    /// A key, a configuration, an image: nothing of ours.
    case foreign

    /// Looks at `bytes`, whole.
    init(of bytes: Span<UInt8>) {
        // A certificate is longer than 127 octets, so its length octet has the high bit, and no text begins "0\u{82}".
        if bytes.count > 2, bytes[0] == 0x30, (0x80...0x84).contains(bytes[1]) {
            self = .der
        } else if bytes.firstIndex(of: Array("-----BEGIN ".utf8)) != nil {
            self = .pem
        } else if let text = UTF16Text.ascii(in: bytes) {
            self = .utf16PEM(text: text)
        } else {
            self = .foreign
        }
    }
}

import Testing
import TransportSecurity

struct TokenURITests {
    @Test func `a URI loses its PIN source and keeps the rest`() throws {
        let uri = try TokenURI(
            parsing: "pkcs11:token=My%20token;id=%A1;type=private?module-name=soft&pin-source=file:/run/my%20pin")
        #expect(uri.object == "pkcs11:token=My%20token;id=%A1;type=private?module-name=soft")
        #expect(uri.pinFile == "/run/my pin")
        for source in ["/etc/pin", "file:/etc/pin", "file:///etc/pin"] {
            #expect(try TokenURI(parsing: "pkcs11:object=a?pin-source=\(source)").pinFile == "/etc/pin")
        }
        #expect(try TokenURI(parsing: "pkcs11:object=a").pinFile == nil)
        #expect(try TokenURI(parsing: "pkcs11:object=a?pin-source=/p").object == "pkcs11:object=a")
    }

    @Test(arguments: [
        ("pkcs11:object=a?pin-value=1234", TokenURI.Defect.pin),
        ("pkcs11:object=a?pin-source=/p&pin-value=1234", .pin), ("pkcs11:object=a;pin-value=1234", .pin),
        ("pkcs11:object=a&PIN-value=1234", .pin), ("pkcs11:object=a?module-name=m;pin-value=1234", .pin),
        ("pkcs11:object=a;pin-source=/p", .pinSource), ("pkcs11:object=a?pin-source=/p;pin-source=/q", .pinSource),
        ("pkcs11:object=a?pin-source=pin", .pinSource), ("pkcs11:object=a?pin-source=file:pin", .pinSource),
        ("pkcs11:object=a?pin-source=|ask", .pinSource), ("pkcs11:object=a?pin-source=/%4", .pinSource),
        ("pkcs11:object=a?pin-source=/%FF", .pinSource), ("pkcs11:", .attribute), ("pkcs11:gate", .attribute),
        ("pkcs11:=a", .attribute), ("pkcs11:object=a b", .attribute), ("key.pem", .attribute),
    ])
    func `what is no such URI is told why`(text: String, defect: TokenURI.Defect) {
        #expect(throws: defect) { try TokenURI(parsing: text) }
    }

    @Test func `a file is no token`() {
        #expect(!TokenURI.isMeant(by: "/etc/pki/key.pem"))
        #expect(TokenURI.isMeant(by: "PKCS11:object=a"))
    }
}

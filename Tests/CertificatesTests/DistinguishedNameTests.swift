import Certificates
import Testing

struct DistinguishedNameTests {
    @Test(
        arguments: [
            ("CN=api,O=Example", "CN", "api"),
            ("CN=api,O=Example", "O", "Example"),
            ("CN=api,O=Example", "OU", nil),
            (#"CN=a\,b\+c\=d,O=x"#, "CN", "a,b+c=d"),
            (#"CN=caf\C3\A9,C=FR"#, "CN", "café"),
            (#"CN=back\\slash"#, "CN", #"back\slash"#),
            ("OU=b+CN=a,O=x", "CN", "a"),
            ("CN=first,CN=second", "CN", "first"),
            (#"CN=ends\"#, "CN", #"ends\"#),
            ("cn=lower, O=after a space", "O", "after a space"),
            ("", "CN", nil),
            ("no attribute", "CN", nil),
        ] as [(String, String, String?)])
    func `an attribute of a name is read as RFC 4514 writes it`(text: String, type: String, value: String?) {
        #expect(DistinguishedName(text).first(type) == value)
    }
}

import Certificates
import TestSupport
import Testing

/// A PKI made with easy-rsa, which OpenVPN ships.
struct EasyRSATests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    @Test func `certificates with their text, archives and the list are read`() throws {
        let script = """
            set -e
            cd "$1"
            export EASYRSA_BATCH=1 EASYRSA_PKI="$1/pki" EASYRSA_ALGO=ec EASYRSA_CURVE=prime256v1 EASYRSA_REQ_CN="VPN CA"
            easyrsa() { /usr/share/easy-rsa/easyrsa "$@"; }
            easyrsa init-pki
            easyrsa build-ca nopass
            unset EASYRSA_REQ_CN
            easyrsa build-client-full laptop nopass
            easyrsa build-server-full gateway nopass
            easyrsa build-client-full lost nopass
            EASYRSA_PASSOUT=pass:changeit easyrsa export-p12 laptop
            easyrsa export-p7 gateway
            easyrsa revoke lost keyCompromise
            easyrsa gen-crl
            """
        try bench.directory.makeDirectory("vpn")
        _ = try RequiredTool("bash").output(["-c", script + "\nexec true", "easy-rsa", bench.path("vpn")])
        func bundle(_ name: String) throws -> CertificateBundle {
            bench.decoder.bundle(try bench.directory.bytes(of: "vpn/pki/\(name)"), passphrase: Secret("changeit"))
        }
        // The output of `openssl x509 -text` precedes the block.
        let laptop = try #require(bundle("issued/laptop.crt").certificates.first)
        #expect(laptop.subject == "CN=laptop" && laptop.issuer == "CN=VPN CA")
        let authority = try bundle("ca.crt").certificates
        #expect(authority.map(\.subject) == ["CN=VPN CA"])
        let archive = try bundle("private/laptop.p12")
        #expect(archive.defects.isEmpty)
        #expect(Set(archive.certificates.map(\.fingerprint)) == [laptop.fingerprint, authority[0].fingerprint])
        let bag = try bundle("issued/gateway.p7b")
        #expect(bag.certificates.map(\.subject).sorted() == ["CN=VPN CA", "CN=gateway"])
        let list = try #require(bundle("crl.pem").revocationLists.first)
        #expect(list.issuer == "CN=VPN CA" && list.revokedCount == 1)
    }
}

import CurlBinding
import Probing
import TestSupport
import Testing

/// The chain that a server presents, whatever the result of the handshake.
@Suite struct PresentedChainTests {
    private let authority: TestAuthority
    private let server: IssuedCertificate
    private let loop: TransferLoop

    init() throws {
        authority = try TestPKI.authority("Server CA")
        server = try authority.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")])
        loop = try TransferLoop()
    }

    @Test(arguments: OpenSSLServer.Version.allCases)
    func `a server that nobody trusts, and that wants a client certificate, still shows its chain`(
        version: OpenSSLServer.Version
    ) async throws {
        let server = try OpenSSLServer(certificate: server, clientAuthority: authority, version: version)
        let chain = await PresentedChain(of: server.url, loop: loop)
        #expect(chain.certificates.first == self.server.der)
        #expect(chain.trouble?.hasPrefix("not trusted here: ") == true, "\(chain.trouble ?? "")")
        withExtendedLifetime(server) {}
    }

    @Test func `where nothing listens there is no chain, and the reason`() async throws {
        let chain = await PresentedChain(of: "https://localhost:\(try LoopbackPort.free())", loop: loop)
        #expect(chain.certificates.isEmpty)
        #expect(chain.trouble?.contains("connect") == true)
    }

    @Test func `a handshake that ends well is no trouble, whatever the server does next`() {
        var result = TransferResult(code: .ok, handshake: HandshakeRecord(presentedChain: [[1]]))
        #expect(PresentedChain(seenBy: result).trouble == nil)
        result.code = .gotNothing
        result.timings.tlsHandshake = 5
        #expect(PresentedChain(seenBy: result).trouble == nil)
        #expect(PresentedChain(seenBy: result).certificates == [[1]])
    }

    @Test(arguments: [
        (true, "the server wants a client certificate and refuses to go on without: certificate_required (116)"),
        (false, "the server refuses to go on: certificate_required (116)"),
    ])
    func `an alert says why the server ends it`(isRequested: Bool, trouble: String) {
        let handshake = HandshakeRecord(
            presentedChain: [[1]], alertsReceived: [116], certificateRequested: isRequested)
        let result = TransferResult(code: .receiveFailed, handshake: handshake)
        #expect(PresentedChain(seenBy: result).trouble == trouble)
    }
}

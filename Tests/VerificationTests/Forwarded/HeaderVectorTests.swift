import CertificateDecoding
import Certificates
import TestSupport
import Testing
import Verification

/// Header values as written by Python and nginx.
struct HeaderVectorTests {
    private let lab: ForwardedLab

    init() throws {
        lab = try ForwardedLab()
    }

    /// A header, and Python's expression for a value that forwards the whole chain.
    @Test(arguments: [
        ("X-Amzn-Mtls-Clientcert", "urllib.parse.quote(p, safe='+=/')"),
        ("x-amzn-mtls-clientcert", "urllib.parse.quote(p, safe='+=/')"),
        ("X-SSL-Client-Cert", "urllib.parse.quote(p, safe='')"), ("X-Client-Cert", "urllib.parse.quote_plus(p)"),
        ("ssl-client-cert", "urllib.parse.quote(p, safe='+=/')"), ("X-SSL-Client-Cert", "p"),
        ("X-SSL-Client-Cert", "p.replace('\\n', ' ')"),
        ("X-Forwarded-Tls-Client-Cert", "','.join(base64.b64encode(x).decode() for x in d)"),
        ("X-Forwarded-Tls-Client-Cert", "urllib.parse.quote_plus(p)"),
        ("Client-Cert-Chain", "', '.join(':' + base64.b64encode(x).decode() + ':' for x in d)"),
        ("Client-Cert-Chain", "','.join(':' + base64.b64encode(x).decode().rstrip('=') + ':;a=\"b,c\"' for x in d)"),
        (
            "Client-Cert",
            "'Client-Cert: :' + base64.b64encode(d[0]).decode() + ':\\r\\nHost: x\\r\\nclient-cert-chain: :'"
                + " + base64.b64encode(d[1]).decode() + ':\\r\\n'"
        ),
        (
            "X-Forwarded-Client-Cert",
            "'By=spiffe://a/b;Hash=' + hashlib.sha256(d[0]).hexdigest() + ';Chain=\"' + urllib.parse.quote(p) + '\"'"
                + " + ';Subject=\"CN=\\\\\"x,y;z=1\\\\\"\";URI='"
        ),
        (
            "x-forwarded-client-cert",
            "'Hash=' + '0' * 64 + ';Subject=\"CN=earlier\",cert=' + urllib.parse.quote(p, safe='')"
        ),
    ])
    func `a chain comes through a header`(header: String, expression: String) throws {
        let certificates = [lab.leaf, lab.issuing.certificate]
        let value = try ForwardedLab.python(expression, certificates)
        #expect(try lab.forwarded(value, as: header) == certificates.map(\.fingerprint))
        let report = try lab.report(value, as: header)
        #expect(report.holds, "\(report.results)")
        #expect(report.results.map(\.check).starts(with: [.x509, .validity, .signature]))
        if !value.contains("\n") {
            #expect(try lab.forwarded("\(header.uppercased()):  \(value) \r\n", as: header).count == 2)
        }
    }

    @Test(arguments: [
        ("X-Amzn-Mtls-Clientcert-Leaf", "urllib.parse.quote(p, safe='+=/')"),
        ("Cf-Client-Cert-Der-Base64", "base64.b64encode(d[0]).decode()"),
        ("Client-Cert", "':' + base64.b64encode(d[0]).decode() + ':'"),
        ("X-SSL-Client-DER", "base64.b64encode(d[0]).decode()"),
    ])
    func `a leaf comes through a header`(header: String, expression: String) throws {
        let value = try ForwardedLab.python(expression, [lab.leaf])
        #expect(try lab.forwarded(value, as: header) == [lab.leaf.fingerprint])
        // The intermediate is missing, so no path leads to the root.
        let report = try lab.report(value, as: header)
        #expect(report.results.filter { !$0.holds }.map(\.check) == [.signature])
    }

    @Test func `what the edge says of the fingerprint is checked`() throws {
        for (header, lines) in [
            (
                "Cf-Client-Cert-Der-Base64",
                "'cf-client-cert-der-base64: ' + base64.b64encode(d[0]).decode() + '\\ncf-client-cert-sha256: '"
            ), ("X-Forwarded-Client-Cert", "'Chain=\"' + urllib.parse.quote(p) + '\";Hash='"),
        ] {
            for (index, holds) in [(0, true), (1, false)] {
                let value = try ForwardedLab.python(
                    lines + " + hashlib.sha256(d[\(index)]).hexdigest()", [lab.leaf, lab.issuing.certificate])
                let result = try lab.report(value, as: header).results.first { $0.check == .fingerprint }
                #expect(result?.holds == holds)
            }
        }
    }

    @Test func `nginx forwards what we read`() async throws {
        var settings = NginxServer.Settings()
        settings.verification = .optionalWithoutCA
        settings.directives = #"location / { return 200 "$ssl_client_escaped_cert"; }"#
        let server = try await NginxServer(
            certificate: lab.lab.root.issue(.server, commonName: "localhost", alternativeNames: [.dns("localhost")]),
            clientAuthority: lab.lab.root, settings: settings)
        let directory = try TemporaryDirectory()
        let script = """
            import ssl, sys, urllib.request
            context = ssl.create_default_context(cafile=sys.argv[2])
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], context=context).read())
            """
        // With so many certificates, base64 with plus signs, which nginx escapes, is practically certain.
        for index in 0..<4 {
            let client = try lab.lab.client("device-\(index)")
            let value = try RequiredTool("python3").output([
                "-c", script, server.url(), try directory.write(lab.lab.root.pem, to: "ca.pem"),
                try directory.write(client.pem, to: "client.pem"), try directory.write(client.keyPEM, to: "client.key"),
            ])
            let text = String(decoding: value, as: UTF8.self)
            #expect(text.contains("%2B") || !client.pem.contains("+"))
            #expect(try lab.forwarded(text, as: "X-SSL-Client-Cert") == [client.fingerprint])
            #expect(try lab.report(text, as: "X-SSL-Client-Cert").holds)
        }
    }
}

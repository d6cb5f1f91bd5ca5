import Certificates
import EdgeLogs
import Foundation
import TestSupport
import Testing

/// The lines of edges.
struct UseCollectorTests {
    private static let now = Instant(seconds: 1_800_000_000)

    /// Reads these lines, and returns what they report.
    private static func collect(
        _ lines: [String], as format: ReportFormat = .json
    ) throws -> (uses: [CertificateUse], tally: LineTally) {
        let collector = try UseCollector(format)
        for line in lines { collector.read(Array(line.utf8).span, at: now) }
        return (collector.take(), collector.tally)
    }

    /// A certificate in the encodings in which edges forward it.
    private struct Sample {
        let issued: IssuedCertificate
        let percentEncoded: String

        init() throws {
            issued = try TestPKI.authority("Partner CA").issue(.client, commonName: "billing")
            percentEncoded = issued.pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }

        var base64: String { Data(issued.der).base64EncodedString() }
    }

    @Test(arguments: [
        "ssl_client_escaped_cert", "X-Client-Cert", "x-amzn-mtls-clientcert", "X-Amzn-Mtls-Clientcert-Leaf",
        "http_ssl_client_cert", "Cf-Client-Cert-Der-Base64", "Client-Cert", "certRFC9440", "X-Forwarded-Client-Cert",
    ])
    func `a certificate is found under each name, at the top and in the headers of a request`(name: String) throws {
        let sample = try Sample()
        let value =
            switch name {
            case "Cf-Client-Cert-Der-Base64": sample.base64
            case "Client-Cert", "certRFC9440": ":\(sample.base64):"
            case "X-Forwarded-Client-Cert": #"Cert=\"\#(sample.percentEncoded)\""#
            default: sample.percentEncoded
            }
        for line in [
            #"{"host":"API.example.com:443","time":"2027-01-15T08:00:00.123Z","\#(name)":"\#(value)"}"#,
            #"{"ts":1800000000.5,"request":{"host":"api.example.com","headers":{"\#(name)":["\#(value)"]}}}"#,
        ] {
            let (uses, tally) = try Self.collect([line])
            #expect(tally.unreadable.isEmpty, "\(tally.unreadable)")
            let use = try #require(uses.first)
            #expect(use.extent == .whole(der: sample.issued.der))
            #expect(use.certificate.subject == "CN=billing")
            #expect(use.hostname == "api.example.com" && use.usedAt == Self.now)
        }
    }

    @Test func `Cloudflare's object describes a certificate, and its fingerprint identifies it`() throws {
        let fingerprint = String(repeating: "ab", count: 32)
        let line = """
            {"cf":{"tlsClientAuth":{"certPresented":"1","certVerified":"SUCCESS","certRevoked":"0",\
            "certSubjectDN":"O=Acme, CN=partner","certSubjectDNRFC2253":"CN=partner,O=Acme","certSerial":"00936EACBE07F201DF",\
            "certIssuerDNRFC2253":"CN=Partner CA","certNotBefore":"Dec 22 19:39:00 2026 GMT",\
            "certNotAfter":"Dec 22 19:39:00 2027 GMT","certFingerprintSHA256":"\(fingerprint)"}}}
            """
        let use = try #require(try Self.collect([line]).uses.first)
        #expect(use.extent == .described(.byFingerprint))
        #expect(use.certificate.subject == "CN=partner,O=Acme" && use.certificate.issuer == "CN=Partner CA")
        #expect(use.certificate.fingerprint.description == fingerprint)
        #expect(use.certificate.validity.notAfter == Instant(rfc3339: "2027-12-22T19:39:00Z"))
        #expect(use.certificate.validity.notBefore == Instant(rfc3339: "2026-12-22T19:39:00Z"))
        #expect(use.certificate.serialNumber.description == "936eacbe07f201df")
        #expect(use.certificate.publicKey == CertificateUse.notReported)
    }

    @Test(arguments: ["Cf-Cert", "X-CERT"])
    func `the headers of a managed transform describe a certificate`(prefix: String) throws {
        func line(_ verified: String, _ presented: String) -> String {
            """
            {"\(prefix)-Verified":"\(verified)","\(prefix)-Presented":"\(presented)","\(prefix)-Revoked":"false",\
            "\(prefix)-Subject-DN-RFC2253":"CN=partner","\(prefix)-Not-After":"Dec  2 09:39:00 2027 GMT"}
            """
        }
        let (uses, tally) = try Self.collect([line("true", "true"), line("false", "true"), line("false", "false")])
        #expect(uses.map(\.certificate.subject) == ["CN=partner"])
        #expect(uses.first?.certificate.validity.notAfter == Instant(rfc3339: "2027-12-02T09:39:00Z"))
        #expect(uses.first?.extent == .described(.byDescription))
        #expect(tally.notAccepted == 1 && tally.withoutCertificate == 1)
    }

    @Test func `a log format of nginx is read by its variables`() throws {
        let format = try NginxLogFormat(
            """
            log_format mtls '$remote_addr [$time_local] "$request" $ssl_server_name '
                            '"$ssl_client_s_dn" "$ssl_client_v_end" $ssl_client_fingerprint $ssl_client_verify';
            """)
        func line(_ subject: String, verify: String = "SUCCESS") -> String {
            """
            127.0.0.1 [15/Jan/2027:09:00:00 +0100] "GET / HTTP/1.1" api.example.com "\(subject)" \
            "Dec 22 19:39:00 2027 GMT" 6b9109f323999e52259cda7373ff0b4d26bd232e \(verify)
            """
        }
        let lines = [
            line(#"CN=a \x22quoted\x22 name,O=Acme"#), line("CN=other", verify: "FAILED:certificate has expired"),
            #"127.0.0.1 [15/Jan/2027:09:00:00 +0100] "GET / HTTP/1.1" - "-" "-" - NONE"#, "something else",
        ]
        let (uses, tally) = try Self.collect(lines, as: .nginx(format))
        let use = try #require(uses.first)
        #expect(uses.count == 1 && use.certificate.subject == #"CN=a "quoted" name,O=Acme"#)
        #expect(use.usedAt == Self.now && use.hostname == "api.example.com")
        #expect(tally.notAccepted == 1 && tally.withoutCertificate == 1)
        #expect(tally.unreadable.map(\.reason) == [.otherFormat])
        #expect(tally.unreadable.first?.firstNumber == 4 && tally.unreadable.first?.firstText == "something else")
    }

    @Test(arguments: ["'$ssl_client_escaped_cert'", #"'{"cert":"$ssl_client_escaped_cert"}'"#])
    func `an escaped certificate of nginx is read from any format`(text: String) throws {
        let sample = try Sample()
        let format = try NginxLogFormat("log_format x escape=json \(text);")
        let line = text.dropFirst().dropLast().replacing("$ssl_client_escaped_cert", with: sample.percentEncoded)
        let uses = try Self.collect([String(line)], as: .nginx(format)).uses
        #expect(uses.map(\.extent) == [.whole(der: sample.issued.der)])
    }

    @Test(arguments: [
        "$remote_addr - $request", "$ssl_client_s_dn", "$ssl_client_s_dn$ssl_client_v_end", "log_format x;",
    ])
    func `a log format that cannot tell of certificates is refused at once`(text: String) throws {
        #expect(throws: NginxLogFormat.Problem.self) { try NginxLogFormat(text) }
    }

    @Test func `connection logs of an AWS load balancer describe certificates`() throws {
        func line(_ status: String, _ subject: String = #""CN=partner,O=Acme \"EU\",C=US""#) -> String {
            """
            2027-01-15T08:00:00.514108Z 203.0.113.1 36280 443 TLSv1.3 TLS_AES_128_GCM_SHA256 4.036 \(subject) \
            NotBefore=2026-09-21T22:43:21Z;NotAfter=2027-06-17T22:43:21Z FEF257372D5C14D4 \(status) TID_3180a73013c8ca4bac2f7
            """
        }
        let absent = "2027-01-15T08:00:00.5Z 203.0.113.1 36280 443 - - - - - - - TID_3180a73013c8ca4bac2f7"
        let lines = [line("Success"), line("Failed:ClientCertUntrusted"), absent, "truncated line"]
        let (uses, tally) = try Self.collect(lines, as: .connectionLog)
        let use = try #require(uses.first)
        #expect(uses.count == 1 && use.certificate.subject == #"CN=partner,O=Acme "EU",C=US"#)
        #expect(use.certificate.validity.notAfter == Instant(rfc3339: "2027-06-17T22:43:21Z"))
        #expect(use.certificate.serialNumber.description == "fef257372d5c14d4" && use.usedAt == Self.now)
        #expect(tally.notAccepted == 1 && tally.withoutCertificate == 1)
        #expect(tally.unreadable.map(\.reason) == [.otherFormat])
    }

    @Test(arguments: [
        ("not JSON", UnreadableLine.notJSON), ("{", .notJSON), (#"{"a":1} x"#, .notJSON), (#"{"a" 1}"#, .notJSON),
        (#"{"a":"unterminated\"}"#, .notJSON), ("[1]", .notJSON), (#"{1:2}"#, .notJSON),
        (String(repeating: #"{"a":"#, count: 17), .nestedTooDeep), (#"{"status":200}"#, .noField),
        (#"{"client-cert":":AAAA:"}"#, .unreadableCertificate), (#"{"client-cert":"%zz"}"#, .unreadableCertificate),
        (#"{"subject":"CN=a","not_after":"soon"}"#, .noExpiry), (#"{"not_after":"2027-01-01T00:00:00Z"}"#, .noSubject),
        (#"{"pem":"\#(String(repeating: "a", count: 200_000))"}"#, .tooLong),
    ])
    func `a line that cannot be read is counted with its reason`(line: String, reason: UnreadableLine) throws {
        let tally = try Self.collect([line, line]).tally
        #expect(tally.unreadable.map(\.reason) == [reason] && tally.unreadableCount == 2)
        #expect(tally.unreadable.first?.firstText.utf8.count ?? .max <= 200)
    }

    @Test func `each certificate at each hostname is collected once, with its latest use`() throws {
        func line(_ host: String, _ time: Int64, _ subject: String = "CN=a") -> String {
            #"{"host":"\#(host)","time":\#(1_799_000_000 + time),"subject":"\#(subject)","not_after":"2028-01-01T00:00:00Z"}"#
        }
        let lines = [line("a.example", 5), line("a.example", 9), line("a.example", 7), line("b.example", 3)]
        let (uses, tally) = try Self.collect(lines + [line("<script>", 4), line("_", 6), line("a.example", 1, "CN=b")])
        #expect(tally.uses == 7)
        let found = uses.map { "\($0.certificate.subject) \($0.hostname ?? "-") \($0.usedAt.seconds - 1_799_000_000)" }
            .sorted()
        #expect(found == ["CN=a - 6", "CN=a a.example 9", "CN=a b.example 3", "CN=b a.example 1"])
    }

    @Test func `common names in nested objects are left alone`() throws {
        let line = """
            {"request":{"time":0.005,"headers":{"Host":["evil.example"],"time":["1799000000"]}},"subject":"CN=a","not_after":"2028-01-01T00:00:00Z"}
            """
        let use = try #require(try Self.collect([line]).uses.first)
        #expect(use.hostname == nil && use.usedAt == Self.now)
    }

    @Test func `lines are cut anywhere, and one that does not end is dropped`() throws {
        let line = #"{"subject":"CN=a","not_after":"2028-01-01T00:00:00Z"}"#
        let stream = Array("\(line)\r\n\n\(String(repeating: "x", count: 300_000))\n\(line)\n\(line)".utf8)
        for size in [1_000, 4_096, 77_777, stream.count] {
            let collector = try UseCollector(.json)
            var splitter = LineSplitter()
            for start in stride(from: 0, to: stream.count, by: size) {
                let chunk = Array(stream[start..<min(start + size, stream.count)])
                collector.feed(chunk.span, through: &splitter, at: Self.now)
            }
            #expect(splitter.pendingCount == line.utf8.count)
            collector.finish(&splitter, at: Self.now)
            #expect(collector.tally.uses == 3 && collector.tally.unreadable.map(\.count) == [1])
        }
    }
}

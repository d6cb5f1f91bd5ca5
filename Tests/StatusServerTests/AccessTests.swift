import Configuration
import CurlBinding
import StatusServer
import TestSupport
import Testing

/// Who is served, and what no client can do.
struct AccessTests {
    @Test(
        arguments: [
            (nil, 200), ("localhost:9793", 200), ("127.0.0.1", 200), ("[::1]:9793", 200), ("10.1.2.3:80", 200),
            ("status.example.com", 200), ("STATUS.example.com:443", 200), ("evil.example", 421),
            ("127.0.0.1.evil.example", 421), ("localhost.evil.example:9793", 421), ("1.2.3", 421), ("256.1.1.1", 421),
        ] as [(String?, Int)])
    func `a web page that rebinds its name to this machine is not served`(host: String?, status: Int) async throws {
        let daemon = try ServedDaemon(listen: "{ address: \"127.0.0.1:0\", hosts: [Status.Example.com] }")
        let result = try await daemon.serving { await daemon.get("/-/healthy", at: $0, host: host) }
        #expect(result.status == status, "\(result.text)")
    }

    @Test func `a socket in the file system serves under any name, to its owner and group`() async throws {
        let daemon = try ServedDaemon(listen: "unix:/tmp/notafter-test-\(UInt32.random(in: 0...UInt32.max)).sock")
        let (result, mode, path) = try await daemon.serving { address in
            guard case .unixSocket(let path) = address else { throw NotListening(description: "\(address)") }
            return (await daemon.get("/-/healthy", at: address, host: "any.example"), try fileMode(of: path), path)
        }
        #expect(result.status == 200)
        #expect(mode == 0o660)
        #expect(throws: (any Error).self) { try fileMode(of: path) }
    }

    @Test(
        arguments: [
            ("Bearer s3cret-token", 200), ("bearer s3cret-token", 200), ("Bearer s3cret-tokeN", 401),
            ("Bearer s3cret-token2", 401), ("Bearer ", 401), ("s3cret-token", 401), ("Digest s3cret-token", 401),
            // any:s3cret-token, :s3cret-token, s3cret-token: and no Base64
            ("Basic YW55OnMzY3JldC10b2tlbg==", 200), ("Basic OnMzY3JldC10b2tlbg==", 200),
            ("Basic czNjcmV0LXRva2VuOg==", 401), ("Basic !!!", 401),
        ])
    func `with a token file a request needs the token`(field: String, status: Int) async throws {
        let daemon = try ServedDaemon(listen: "{ address: \"127.0.0.1:0\", token_file: token }")
        let result = try await daemon.serving {
            await daemon.get("/metrics", at: $0, [HeaderField("Authorization", field)])
        }
        #expect(result.status == status)
        if status == 401 { #expect(result.header("WWW-Authenticate")?.hasPrefix("Basic ") == true) }
    }

    @Test func `health needs no token, and a token that cannot be read opens nothing`() async throws {
        let daemon = try ServedDaemon(listen: "{ address: \"127.0.0.1:0\", token_file: missing }")
        let (health, metrics) = try await daemon.serving {
            (await daemon.get("/healthz", at: $0), await daemon.get("/metrics", at: $0))
        }
        #expect(health.status == 200)
        #expect(metrics.status == 503)
    }

    @Test(arguments: [("/nothing", 404), ("/metrics/../../etc/passwd", 404), ("/%00", 404), ("/-/", 404)])
    func `what is not there is a problem in JSON`(path: String, status: Int) async throws {
        let daemon = try ServedDaemon()
        let result = try await daemon.serving { await daemon.get(path, at: $0) }
        #expect(result.status == status)
        #expect(result.header("Content-Type") == "application/problem+json")
        #expect(result.text.contains("\"status\":404"))
        #expect(result.header("X-Content-Type-Options") == "nosniff")
        #expect(result.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"])
    func `a method that a path does not have is refused, with those that it has`(method: String) async throws {
        let daemon = try ServedDaemon()
        let result = try await daemon.serving {
            await daemon.get("/metrics", at: $0, method: .named(method, body: nil))
        }
        #expect(result.status == 405)
        #expect(result.header("Allow") == "GET, HEAD")
        #expect(result.header("Content-Type") == "application/problem+json")
    }
}

/// The port of an IP address.
func port(of address: ListenAddress) throws -> Int {
    switch address {
    case .loopback(_, let port), .network(_, let port): return port
    case .unixSocket: throw NotListening(description: "\(address)")
    }
}

import Certificates
import CurlBinding
import Foundation
import StatusPages
import StatusServer
import TestSupport
import Testing

/// The status pages over HTTP.
struct PageRouteTests {
    @Test(arguments: PageAddress.routes.filter { !$0.contains("{") })
    func `each page is served, and nothing in it may run or load`(path: String) async throws {
        let daemon = try ServedDaemon()
        let result = try await daemon.serving { await daemon.get(path, at: $0) }
        #expect(result.status == 200)
        #expect(result.header("Content-Security-Policy")?.hasPrefix("default-src 'none'; style-src 'self'") == true)
        #expect(result.header("X-Content-Type-Options") == "nosniff")
        let isResource = path.contains(".")
        #expect(result.header("Cache-Control") == (isResource ? "private, max-age=300" : "no-store"))
        #expect(result.header("Content-Type")?.hasPrefix("text/html") == !isResource)
    }

    @Test func `the language is the browser's, and the version the program's`() async throws {
        let daemon = try ServedDaemon()
        let (english, japanese) = try await daemon.serving { address in
            (
                await daemon.get("/", at: address).text,
                await daemon.get("/", at: address, [HeaderField("Accept-Language", "ja,en;q=0.5")]).text
            )
        }
        #expect(english.contains("<html lang=\"en\">") && english.contains("notafter 1.2.3"))
        #expect(japanese.contains("<html lang=\"ja\">") && japanese.contains("対応が必要なもの"))
    }

    @Test func `a query is read, and what is not there is a page with status 404`() async throws {
        let daemon = try ServedDaemon()
        let (listed, missing) = try await daemon.serving { address in
            (
                await daemon.get("/certificates?role=client&owner=%3Cb%3E", at: address),
                await daemon.get("/certificates/0000", at: address)
            )
        }
        #expect(listed.status == 200 && listed.text.contains("<option value=\"client\" selected>"))
        #expect(missing.status == 404 && missing.header("Content-Type") == "text/html; charset=utf-8")
    }

    @Test func `pages need the token where one is set`() async throws {
        let daemon = try ServedDaemon(listen: "{ address: 127.0.0.1:0, token_file: token }")
        let (refused, served) = try await daemon.serving { address in
            let login = Data("any:s3cret-token".utf8).base64EncodedString()
            return (
                await daemon.get("/", at: address).status,
                await daemon.get("/", at: address, [HeaderField("Authorization", "Basic \(login)")]).status
            )
        }
        #expect(refused == 401 && served == 200)
    }

    @Test func `a ledger that was removed is a problem, not an empty page`() async throws {
        let daemon = try ServedDaemon()
        try FileManager.default.removeItem(atPath: daemon.directory.path(of: "notafter.db"))
        let result = try await daemon.serving { await daemon.get("/", at: $0) }
        #expect(result.status == 503 && result.text.contains("ledger"))
    }
}

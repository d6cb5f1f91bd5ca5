import ArgumentParser
import CertificateDecoding
import Certificates
import Configuration
import CurlBinding
import FileReading
import OpenSSLBinding
import TransportSecurity

/// `notafter healthcheck`
struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask the daemon of this configuration whether it does its work, for containers and supervisors.",
        discussion: """
            Asks /-/healthy at the address of `listen`, which answers by the progress of passes. Exits 0 when the daemon \
            is healthy, and 1 when it is not, does not answer, or the configuration has no `listen`.
            """)

    @OptionGroup var files: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Ask /-/ready instead: whether the first pass has finished.")
    var ready = false

    func run() async throws {
        guard let listen = try files.settings().listen else {
            throw HealthcheckError("the configuration has no `listen`, so the daemon cannot be asked: docs/http.md")
        }
        let transfer = try listen.transfer(to: ready ? "/-/ready" : "/-/healthy")
        let answer = try await TransferLoop().perform(transfer)
        guard let status = answer.status else {
            throw HealthcheckError("the daemon does not answer at \(listen.address): \(answer.message)")
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        let line = TerminalText.escaped(text.split(separator: "\n").first.map(String.init) ?? "")
        guard status == 200 else { throw HealthcheckError("HTTP \(status): \(line)") }
        if output.json {
            print(#"{"healthy": true}"#)
        } else if !output.quiet {
            print(line)
        }
    }
}

/// Why the daemon is not taken for healthy. The exit status is 1.
private struct HealthcheckError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ListenSettings {
    /// A request to this listener, from the same machine.
    ///
    /// Over TLS it trusts the very certificate in the file, whatever its date: one that expired is a finding of its own, and
    /// no reason for a supervisor to restart the daemon.
    ///
    /// - Throws: `HealthcheckError` when the certificate cannot be read, or has no name.
    fileprivate func transfer(to path: String) throws -> Transfer {
        var transfer = Transfer(url: "http://\(local)\(path)", timeoutMilliseconds: 5_000, schemes: .httpsOrHTTP)
        if case .unixSocket(let socket) = address {
            transfer.url = "http://localhost\(path)"
            transfer.unixSocket = socket
        }
        guard let tls else { return transfer }
        let store: TrustStore
        let names: [String]
        do {
            let pem = try RegularFile.read(tls.certificate, limit: 1 << 20)
            store = try TrustStore(pinning: pem)
            names = try CertificateDecoder().bundle(pem).certificates.first?.subjectAlternativeNames ?? []
        } catch let failure as RegularFile.Failure {
            throw HealthcheckError("listen.tls.certificate \(tls.certificate) \(failure.clause)")
        } catch {
            throw HealthcheckError("listen.tls.certificate \(tls.certificate) \(error)")
        }
        let hosts = names.compactMap { $0.wholeMatch(of: /(?:DNS|IP):(.+)/).map { String($0.1) } }
        guard let host = hosts.first else {
            throw HealthcheckError(
                "listen.tls.certificate \(tls.certificate) has no subject alternative name, so no client can verify it: issue "
                    + "it with one")
        }
        transfer.url = "https://\(local)\(path)"
        transfer.serverName =
            host.hasPrefix("*.") ? "notafter" + host.dropFirst() : host.contains(":") ? "[\(host)]" : host
        transfer.use(Credentials(trust: store, client: nil))
        return transfer
    }

    /// The address as a process on this machine reaches it.
    private var local: ListenAddress {
        switch address {
        case .network("0.0.0.0", let port): .loopback(host: "127.0.0.1", port: port)
        case .network("::", let port): .loopback(host: "::1", port: port)
        case .loopback, .network, .unixSocket: address
        }
    }
}

import ArgumentParser
import Certificates
import CurlBinding
import Foundation
import Monitor
import Probing
import Scanning

/// `notafter inspect`
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show certificates and revocation lists: contents, chains, and what is wrong.",
        discussion: """
            Of https://HOST[:PORT] the chain that the server presents is shown, also where it is not trusted or the \
            server wants a client certificate; tls://HOST:PORT means the same of a server that speaks no HTTP.

            Exit status: 0, or 1 when something could not be read, or a server is not as --cacert, --cert and \
            --server-name have it.

            Examples:
              notafter inspect client.pem ca.pem
              notafter inspect https://api.example.com
              notafter inspect tls://db.internal:6432 --cacert ca.pem --cert client.pem --key client.key
              vault read -field=certificate pki/cert/ca | notafter inspect -
            """)

    /// No intended input is larger than this.
    private static let standardInputLimit = 64 << 20

    @Argument(help: "Files, directories, globs, https://HOST[:PORT], tls://HOST:PORT, or - for standard input.")
    var targets: [String]

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var tls: TLSOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let now = times.time.now
        let inspector = try Inspector(at: now)
        var containers: [Inspector.Container] = []
        var complaints: [String] = []
        for target in targets {
            let found = try await look(at: target, with: inspector)
            if found.allSatisfy(\.isEmpty) { complaints.append("\(target): holds no certificate") }
            complaints += found.flatMap(\.bundle.defects).map(\.message)
            containers += found
        }
        try show(containers, at: now)
        var isAnythingAmiss = !complaints.isEmpty
        for container in containers {
            guard let remark = container.remark else { continue }
            StandardError.print("notafter: \(container.name): \(remark)")
            isAnythingAmiss = isAnythingAmiss || tls.isAnythingExpected
        }
        for complaint in complaints { StandardError.print("notafter: \(complaint)") }
        if isAnythingAmiss { throw ExitStatus.failure }
    }

    private func look(at target: String, with inspector: Inspector) async throws -> [Inspector.Container] {
        if target == "-" {
            let bytes = try FileHandle.standardInput.read(upToCount: Self.standardInputLimit) ?? Data()
            return [try inspector.read(intoStandardInput: Array(bytes), passphraseFile: passphrase.file)]
        }
        if let server = ServerTarget(target) {
            let chain = await PresentedChain(
                of: server.url, credentials: try await tls.credentials(), serverName: tls.serverName,
                loop: try TransferLoop())
            return [try inspector.read(into: chain, of: target)]
        }
        var containers: [Inspector.Container] = []
        try inspector.read(at: PathPattern(target: target), passphraseFile: passphrase.file) { containers.append($0) }
        return containers
    }

    private func show(_ containers: [Inspector.Container], at now: Instant) throws {
        if output.json {
            print(try JSONText.indented(containers.flatMap(InspectedObject.all)))
            return
        }
        let blocks = containers.flatMap { InspectionText(container: $0, now: now, terminal: output.terminal).blocks }
        guard !blocks.isEmpty else { return }
        print(blocks.map { output.terminal.fitted($0).joined(separator: "\n") }.joined(separator: "\n\n"))
    }
}

extension Inspector.Container {
    fileprivate var isEmpty: Bool {
        bundle.certificates.isEmpty && bundle.revocationLists.isEmpty && bundle.defects.isEmpty
    }
}

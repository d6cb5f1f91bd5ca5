import ArgumentParser
import Probing
import TransportSecurity

/// The options for connecting to a server of a private PKI.
struct TLSOptions: ParsableArguments {
    @Option(
        name: .customLong("cacert"),
        help: ArgumentHelp("Trust the CAs in this file for servers, instead of the system's.", valueName: "FILE"))
    var authorities: String?

    @Option(
        name: .customLong("cert"),
        help: ArgumentHelp("Show servers this client certificate, with its chain.", valueName: "FILE"))
    var certificate: String?

    @Option(
        help: ArgumentHelp("The client certificate's private key, unless it is in the same file.", valueName: "FILE"))
    var key: String?

    @Option(
        name: .customLong("server-name"),
        help: ArgumentHelp("Ask servers for this name, and expect it in their certificates.", valueName: "NAME"))
    var serverName: String?

    func validate() throws {
        guard key == nil || certificate != nil else { throw ValidationError("--key needs --cert.") }
    }

    /// Whether the user sets expectations of the server, so that a mismatch is reported.
    var isAnythingExpected: Bool { files != TLSFiles() }

    /// - Throws: `CredentialError` for a file that cannot be used.
    func credentials() async throws -> Credentials {
        try await CredentialStore().credentials(for: files)
    }

    private var files: TLSFiles {
        TLSFiles(caFile: authorities, certFile: certificate, keyFile: key, serverName: serverName)
    }
}

/// A server that is named on the command line.
struct ServerTarget {
    /// The URL for libcurl.
    let url: String

    /// - Returns: nil for a text that is neither `https://HOST[:PORT]` nor `tls://HOST[:PORT]`.
    init?(_ text: String) {
        guard let scheme = ["https://", "tls://"].first(where: text.lowercased().hasPrefix) else { return nil }
        url = "https://" + text.dropFirst(scheme.count)
    }
}

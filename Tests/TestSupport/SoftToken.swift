/// A software token (SoftHSM) with one private key, and a file with its PIN.
package final class SoftToken: Sendable {
    package static let pin = "271828"

    private let directory: TemporaryDirectory
    /// The file of the PIN, which ends with a line feed.
    package let pinFile: String

    /// - Throws: `MissingTool` without softhsm2-util; `ToolFailed`.
    package init(key: IssuedCertificate) throws {
        directory = try TemporaryDirectory()
        try directory.makeDirectory("tokens")
        try directory.write(
            "directories.tokendir = \(directory.path(of: "tokens"))\nobjectstore.backend = file\n", to: "softhsm2.conf")
        pinFile = try directory.write(Self.pin + "\n", to: "pin")
        let file = try directory.write(key.keyPEM, to: "key.pem")
        try utility(["--init-token", "--free", "--label", "gate", "--pin", Self.pin, "--so-pin", "314159"])
        try utility(["--import", file, "--token", "gate", "--label", "probe", "--id", "a1", "--pin", Self.pin])
        try directory.remove("key.pem")
    }

    private func utility(_ arguments: [String]) throws {
        let configuration = environment.map { "\($0.key)=\($0.value)" }
        let tool = try RequiredTool("softhsm2-util").path
        let outcome = try RequiredTool("env").outcome(configuration + [tool] + arguments)
        guard outcome.status == 0 else { throw ToolFailed(path: tool, status: outcome.status) }
    }

    /// The environment with which a process finds the token. p11-kit finds the module by itself.
    package var environment: [String: String] { ["SOFTHSM2_CONF": directory.path(of: "softhsm2.conf")] }

    /// The same through a spy module that logs every call.
    package func environment(loggingTo file: String) -> [String: String] {
        environment.merging([
            "PKCS11_MODULE_PATH": "/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so",
            "PKCS11SPY": "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "PKCS11SPY_OUTPUT": file,
        ]) { $1 }
    }

    /// The URI of the key, or of another object.
    package func uri(object: String = "probe", pinFile: String? = nil) -> String {
        "pkcs11:token=gate;object=\(object);type=private?pin-source=file:\(pinFile ?? self.pinFile)"
    }
}

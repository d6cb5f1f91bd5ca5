import Glibc

/// A real PostgreSQL with its own data directory and the test's `pg_hba.conf`.
package final class PostgreSQLServer: Sendable {
    package let port: Int
    private let process: ChildProcess
    private let files: TLSServerFiles

    /// Creates a cluster with the superuser `postgres` and starts it with TLS.
    ///
    /// - Parameters:
    ///   - certificate: the server's own.
    ///   - clientAuthority: the CA of accepted clients.
    ///   - hostBasedAuthentication: the lines of `pg_hba.conf`.
    /// - Throws: `MissingTool`, `ToolFailed`, `ServerNotReady`.
    package init(
        certificate: IssuedCertificate, clientAuthority: TestAuthority, hostBasedAuthentication: String
    ) async throws {
        let files = try TLSServerFiles(certificate: certificate, clientAuthority: clientAuthority)
        let data = files.directory.path(of: "data")
        let programs = try Self.programs()
        let port = try LoopbackPort.free()
        // PostgreSQL refuses to run as root and must own its files.
        let asOther =
            geteuid() == 0
            ? [try RequiredTool("setpriv").path, "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        chmod(files.key, 0o600)
        try Self.giveAway(files.directory.path)
        let initialize =
            asOther + [programs + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-N"]
        try RequiredTool(path: initialize[0]).run(Array(initialize.dropFirst()))
        try files.directory.write(hostBasedAuthentication, to: "data/pg_hba.conf")
        try Self.giveAway(files.directory.path)
        let settings = [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=", "fsync=off", "ssl=on",
            "ssl_cert_file=\(files.certificate)", "ssl_key_file=\(files.key)", "ssl_ca_file=\(files.clientAuthority)",
        ]
        let start = asOther + [programs + "/postgres", "-D", data] + settings.flatMap { ["-c", $0] }
        process = try ChildProcess(RequiredTool(path: start[0]), Array(start.dropFirst()))
        self.port = port
        self.files = files
        _ = try process.line { $0.contains("ready to accept connections") }
    }

    /// The URL with the user before the host and the database after it.
    package func url(user: String, database: String = "postgres") -> String {
        "postgresql://\(user)@localhost:\(port)/\(database)"
    }

    private static func giveAway(_ directory: String) throws {
        guard geteuid() == 0 else { return }
        try RequiredTool("chown").run(["-R", "65534:65534", directory])
    }

    /// The directory of the programs, which Debian does not include in `PATH`.
    private static func programs() throws -> String {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob("/usr/lib/postgresql/*/bin", 0, nil, &found) == 0, let path = found.gl_pathv[0] else {
            throw MissingTool(name: "postgresql")
        }
        return String(cString: path)
    }
}

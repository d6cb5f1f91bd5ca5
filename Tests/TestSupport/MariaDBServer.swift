import Glibc

/// A real MariaDB with its own data directory, which requires TLS of all clients (`require_secure_transport`).
package final class MariaDBServer: Sendable {
    package let port: Int
    private let process: ChildProcess
    private let files: TLSServerFiles
    private let data: TemporaryDirectory

    /// Creates a database and starts it with TLS.
    ///
    /// - Parameters:
    ///   - certificate: the server's own.
    ///   - clientAuthority: the CA of accepted clients.
    ///   - statements: SQL that creates the users, one statement in each line.
    ///   - revocationList: a PEM list for `ssl_crl`.
    /// - Throws: `MissingTool`, `ToolFailed`, `ServerNotReady`.
    package init(
        certificate: IssuedCertificate, clientAuthority: TestAuthority, statements: String,
        revocationList: String? = nil
    ) throws {
        let files = try TLSServerFiles(certificate: certificate, clientAuthority: clientAuthority)
        let data = try TemporaryDirectory.inMemory()
        let server = try RequiredTool("mariadbd")
        let port = try LoopbackPort.free()
        let users = try files.directory.write(statements, to: "users.sql")
        var options = [
            "--no-defaults", "--datadir=\(data.path)", "--skip-innodb", "--default-storage-engine=Aria",
            "--lc-messages-dir=\(Self.share)", "--log-warnings=0",
        ]
        if geteuid() == 0 { options.append("--user=nobody") }
        try Self.giveAway([files.directory.path, data.path])
        // Replaces Debian's mariadb-install-db, whose helper programs are only in the full server package.
        let bootstrap = """
            { echo 'create database mysql;'; echo 'use mysql;'; echo 'set @auth_root_socket=null;'
              cat \(Self.share)/mysql_system_tables.sql \(Self.share)/mysql_system_tables_data.sql
            } | "$0" "$@" --bootstrap 2>/dev/null
            """
        try RequiredTool("sh").run(["-c", bootstrap, server.path] + options)
        let tls = [
            "--ssl-cert=\(files.certificate)", "--ssl-key=\(files.key)", "--ssl-ca=\(files.clientAuthority)",
            "--require-secure-transport=ON", "--init-file=\(users)",
        ]
        let list = try revocationList.map { ["--ssl-crl=\(try files.directory.write($0, to: "crl.pem"))"] } ?? []
        try Self.giveAway([files.directory.path])
        process = try ChildProcess(
            server,
            options + tls + list + ["--bind-address=127.0.0.1", "--port=\(port)", "--socket=\(data.path)/socket"])
        (self.port, self.files, self.data) = (port, files, data)
        _ = try process.line { $0.contains("ready for connections") }
    }

    /// The URL with the user before the host. nil for a URL without a user.
    package func url(user: String?) -> String {
        "mysql://\(user.map { $0 + "@" } ?? "")localhost:\(port)"
    }

    private static let share = "/usr/share/mysql"

    /// The server refuses to run as root and must own its files.
    private static func giveAway(_ directories: [String]) throws {
        guard geteuid() == 0 else { return }
        try RequiredTool("chown").run(["-R", "nobody:"] + directories)
    }
}

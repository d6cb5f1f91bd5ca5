/// The files of a TLS server that requires client certificates, in their own directory.
package struct TLSServerFiles: Sendable {
    package let directory: TemporaryDirectory
    package let certificate: String
    package let key: String
    /// Certificate and key in one file.
    package let both: String
    /// The CA of accepted clients.
    package let clientAuthority: String

    package init(certificate: IssuedCertificate, clientAuthority: TestAuthority) throws {
        directory = try TemporaryDirectory()
        self.certificate = try directory.write(certificate.pem, to: "server.pem")
        key = try directory.write(certificate.keyPEM, to: "server.key")
        both = try directory.write(certificate.pem + certificate.keyPEM, to: "both.pem")
        self.clientAuthority = try directory.write(clientAuthority.pem, to: "client-ca.pem")
    }
}

/// Any other server that runs in the foreground. It ends with this object.
package final class ForeignServer: Sendable {
    package let port: Int
    private let process: ChildProcess
    private let directories: [TemporaryDirectory]

    /// - Throws: `MissingTool`; `ServerNotReady` when it does not accept connections in time.
    package init(_ tool: RequiredTool, _ arguments: [String], port: Int, files: TLSServerFiles) async throws {
        process = try ChildProcess(tool, arguments)
        self.port = port
        directories = [files.directory]
        try await LoopbackPort.waitUntilOpen(port)
    }

    /// The URL of `path`, which begins with a slash.
    package func url(_ path: String = "/", scheme: String = "https") -> String {
        "\(scheme)://localhost:\(port)\(path)"
    }
}

extension ForeignServer {
    /// HAProxy with `verify required` or `optional`, further options of `bind`, and further rules.
    package static func haproxy(
        _ files: TLSServerFiles, verify: String = "required", further: String = "", rules: String = ""
    ) async throws -> ForeignServer {
        let port = try LoopbackPort.free()
        let configuration = try files.directory.write(
            """
            defaults
                mode http
                timeout connect 5s
                timeout client 10s
                timeout server 10s
            frontend tls
                bind 127.0.0.1:\(port) ssl crt \(files.both) ca-file \(files.clientAuthority) verify \(verify) \(further)
            \(rules)
                http-request return status 200 content-type text/plain string "let in"

            """, to: "haproxy.cfg")
        return try await ForeignServer(
            RequiredTool("haproxy"), ["-db", "-q", "-f", configuration], port: port, files: files)
    }

    /// Apache that requires a certificate for the whole host, or only below `/private`. `further` contains directives.
    package static func apache(
        _ files: TLSServerFiles, perLocation: Bool, further: String = ""
    ) async throws -> ForeignServer {
        let port = try LoopbackPort.free()
        let modules = "/usr/lib/apache2/modules"
        let configuration = try files.directory.write(
            """
            ServerRoot \(files.directory.path)
            ServerName localhost
            PidFile apache.pid
            ErrorLog error.log
            DefaultRuntimeDir \(files.directory.path)
            Mutex file:\(files.directory.path)
            User www-data
            Group www-data
            LoadModule mpm_event_module \(modules)/mod_mpm_event.so
            LoadModule authz_core_module \(modules)/mod_authz_core.so
            LoadModule status_module \(modules)/mod_status.so
            LoadModule ssl_module \(modules)/mod_ssl.so
            Listen 127.0.0.1:\(port)
            SSLEngine on
            SSLSessionCache none
            SSLCertificateFile \(files.certificate)
            SSLCertificateKeyFile \(files.key)
            SSLCACertificateFile \(files.clientAuthority)
            SSLVerifyClient \(perLocation ? "none" : "require")
            \(further)
            <Location />
                SetHandler server-status
            </Location>
            <Location /private>
                SSLVerifyClient require
            </Location>

            """, to: "apache.conf")
        return try await ForeignServer(
            RequiredTool("apache2"), ["-D", "FOREGROUND", "-f", configuration], port: port, files: files)
    }

    /// stunnel in front of a server at `backend` that speaks plain HTTP.
    package static func stunnel(_ files: TLSServerFiles, backend: Int) async throws -> ForeignServer {
        let port = try LoopbackPort.free()
        let configuration = try files.directory.write(
            """
            foreground = quiet
            pid =
            output = \(files.directory.path(of: "stunnel.log"))
            [tls]
            accept = 127.0.0.1:\(port)
            connect = 127.0.0.1:\(backend)
            cert = \(files.both)
            CAfile = \(files.clientAuthority)
            requireCert = yes
            verifyChain = yes

            """, to: "stunnel.conf")
        return try await ForeignServer(RequiredTool("stunnel4"), [configuration], port: port, files: files)
    }
}

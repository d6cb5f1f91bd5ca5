/// A real nginx on loopback that writes all of its files to its own directory.
package final class NginxServer: Sendable {
    /// `ssl_verify_client`
    package enum ClientVerification: String, Sendable {
        case on
        case optional
        case optionalWithoutCA = "optional_no_ca"
        case off
    }

    /// The settings of its server block.
    package struct Settings: Sendable {
        package var verification = ClientVerification.on
        /// `ssl_protocols`
        package var protocols = "TLSv1.2 TLSv1.3"
        /// Directives of the server block, including locations.
        package var directives = #"location / { return 200 "let in\n"; }"#
        /// A PEM list for `ssl_crl`.
        package var revocationListPEM: String?
        /// PEM that is presented after the certificate.
        package var chainPEM = ""

        package init() {}
    }

    package let port: Int
    private let process: ChildProcess
    private let directory: TemporaryDirectory

    /// Starts nginx with `certificate`, on `port` or on a port from the kernel, and waits until it accepts connections.
    ///
    /// - Throws: `MissingTool` without nginx; `ServerNotReady`.
    package init(
        certificate: IssuedCertificate, clientAuthority: TestAuthority, settings: Settings = Settings(),
        port wanted: Int? = nil
    ) async throws {
        let nginx = try RequiredTool("nginx")
        let directory = try TemporaryDirectory()
        let port = try wanted ?? LoopbackPort.free()
        try directory.write(certificate.pem + settings.chainPEM, to: "server.pem")
        try directory.write(certificate.keyPEM, to: "server.key")
        try directory.write(clientAuthority.pem, to: "client-ca.pem")
        if let list = settings.revocationListPEM {
            try directory.write(list, to: "crl.pem")
        }
        let configuration = Self.configuration(settings, port: port, directory: directory)
        let file = try directory.write(configuration, to: "nginx.conf")
        self.process = try ChildProcess(nginx, ["-p", directory.path, "-c", file, "-e", "\(directory.path)/error.log"])
        self.port = port
        self.directory = directory
        try await LoopbackPort.waitUntilOpen(port)
    }

    /// The URL of `path`, which begins with a slash.
    package func url(_ path: String = "/", host: String = "localhost") -> String {
        "https://\(host):\(port)\(path)"
    }

    private static func configuration(_ settings: Settings, port: Int, directory: TemporaryDirectory) -> String {
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log error.log info;
        events { worker_connections 1024; }
        http {
            access_log off;
            client_body_temp_path temp-body;
            proxy_temp_path temp-proxy;
            fastcgi_temp_path temp-fastcgi;
            uwsgi_temp_path temp-uwsgi;
            scgi_temp_path temp-scgi;
            server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_protocols \(settings.protocols);
                ssl_certificate \(directory.path(of: "server.pem"));
                ssl_certificate_key \(directory.path(of: "server.key"));
                ssl_client_certificate \(directory.path(of: "client-ca.pem"));
                ssl_verify_client \(settings.verification.rawValue);
                \(settings.revocationListPEM == nil ? "" : "ssl_crl \(directory.path(of: "crl.pem"));")
                \(settings.directives)
            }
        }

        """
    }
}

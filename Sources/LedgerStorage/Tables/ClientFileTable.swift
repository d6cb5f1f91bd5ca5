import Certificates

/// The only writer of `client_files`: the files of the certificates that open endpoints, as they are configured.
struct ClientFileTable {
    let session: any SQLSession

    /// Replaces them all.
    func replace(with files: [(endpoint: String, path: FilePath)]) throws {
        try session.execute("DELETE FROM client_files", [])
        for (endpoint, path) in files {
            try session.execute(
                "INSERT INTO client_files(endpoint, path) VALUES($1, $2)", [.text(endpoint), .blob(path.bytes)])
        }
    }
}

extension SQLSession {
    /// The table `client_files`.
    var clientFiles: ClientFileTable { ClientFileTable(session: self) }
}

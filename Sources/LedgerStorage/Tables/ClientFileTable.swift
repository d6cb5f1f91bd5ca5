import Certificates

/// The only writer of `client_files`: the configured files of the client certificates of endpoints.
struct ClientFileTable {
    let session: any SQLSession

    /// Replaces all rows.
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

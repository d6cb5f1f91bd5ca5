import Certificates

/// What a statement that names a file says of it.
enum FileUse {
    /// What the server presents.
    case certificate
    /// CAs that the server sends along with it.
    case presentedChain
    /// Whom the server believes of its clients.
    case clientAuthority
    /// What the server presents where it is a client itself.
    case upstreamCertificate
    /// Whom the server believes where it is a client itself.
    case upstreamAuthority
    case revocationList
}

extension Inventory {
    /// Takes in what a server's configuration names, if that is known before a request comes in.
    ///
    /// - Parameters:
    ///   - argument: a path as the configuration has it; an empty one turns off what would be inherited.
    ///   - use: what it is for.
    ///   - hostnames: of the server that uses it.
    ///   - key: the path of its private key, as the configuration has it.
    ///   - base: where relative paths begin.
    ///   - place: where it is named.
    mutating func add(
        _ argument: String, as use: FileUse, hostnames: [String] = [], key: String? = nil, base: ServerDirectory,
        at place: Place
    ) {
        guard !argument.isEmpty else { return }
        if let hindrance = Self.hindrance(argument) {
            warn("\(argument) \(hindrance)", at: place)
            return
        }
        let path = root.openable(base.absolute(argument))
        let key = key.flatMap { Self.hindrance($0) == nil ? root.openable(base.absolute($0)) : nil }
        switch use {
        case .certificate: register(path, as: .server, hostnames: hostnames, key: key, at: place)
        case .clientAuthority: register(path, as: .ca, hostnames: hostnames, at: place)
        case .upstreamCertificate: register(path, as: .client, hostnames: hostnames, key: key, at: place)
        case .presentedChain, .upstreamAuthority: register(path, as: .ca, at: place)
        case .revocationList: register(path, as: .revocationList, at: place)
        }
    }

    /// Why a text that stands where a path should is none, in words that follow it.
    private static func hindrance(_ argument: String) -> String? {
        if argument.contains("$") { return "holds a variable and is not followed" }
        if ["data:", "engine:", "store:", "pkcs11:"].contains(where: argument.hasPrefix) {
            return "is no path and is not followed"
        }
        let isUnwritable = argument.unicodeScalars.contains {
            // What was no UTF-8 has become U+FFFD.
            $0 == "\u{FFFD}" || $0.properties.generalCategory == .control
        }
        return isUnwritable ? "cannot be written into a configuration" : nil
    }
}

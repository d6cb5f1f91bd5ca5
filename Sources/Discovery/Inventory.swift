import Certificates

/// The certificates that servers' configurations name, with remarks for a reviewer.
///
/// All text comes from untrusted files. Code that prints it must escape it for its destination.
package struct Inventory: Sendable {
    /// In the order in which they were found. Each path occurs once for each role.
    package private(set) var certificates: [DiscoveredCertificate] = []
    package private(set) var remarks: [Remark] = []
    private var indices: [Use: Int] = [:]
    /// The system that the configurations belong to.
    let root: SystemRoot
    /// All texts of configurations, in which certificates are searched that no reader registered.
    private(set) var texts: [ConfigurationText] = []

    /// Paths that are named but need no registration.
    private(set) var dismissed: [String] = []

    package init(in root: SystemRoot = .machine) {
        self.root = root
    }

    private struct Use: Hashable {
        let path: String
        let role: Role
    }

    /// Adds `path`, which is named at `place`, or further hosts of a path that is known already.
    mutating func register(
        _ path: String, as role: Role, hostnames: [String] = [], key: String? = nil, at place: Place
    ) {
        let use = Use(path: path, role: role)
        let index = indices[use] ?? certificates.endIndex
        if index == certificates.endIndex {
            indices[use] = index
            certificates.append(DiscoveredCertificate(role: role, path: path))
        }
        certificates[index].hostnames.append(contentsOf: hostnames)
        certificates[index].places.append(place)
        if let key { certificates[index].keys.append(key) }
    }

    /// Adds a note about something that needs no registration.
    mutating func note(_ text: String, at place: Place) {
        remarks.append(Remark(place: place, text: text, kind: .note))
    }

    /// Notes that `path` is named but needs no registration, with the reason.
    mutating func dismiss(_ path: String, because text: String, at place: Place) {
        dismissed.append(path)
        note("\(path) is not registered: \(text)", at: place)
    }

    /// Adds a warning about something that could not be followed, so that a certificate may be missing.
    mutating func warn(_ text: String, at place: Place) {
        remarks.append(Remark(place: place, text: text, kind: .warning))
    }

    /// Keeps the texts that a server's reader has read. `bases` are the possible bases of relative paths in them.
    mutating func take(_ texts: [ConfigurationText], bases: [ServerDirectory]) {
        self.texts += texts.map { text in
            var text = text
            text.bases = [ServerDirectory(ofFile: text.file, in: root)] + bases
            return text
        }
    }

    /// The text of a server's only file. If it cannot be read, adds a warning and returns nil.
    mutating func text(of file: String) -> String? {
        var files = BoundedFiles(in: root)
        do throws(BoundedFiles.Refusal) {
            let text = try files.text(of: file)
            take(files.texts, bases: [])
            return text
        } catch {
            warn(error.clause, at: Place(file: file))
            return nil
        }
    }
}

/// A file, or a directory, of certificates or revocation lists that a server uses.
package struct DiscoveredCertificate: Hashable, Sendable {
    package let role: Role
    /// Absolute.
    package let path: String
    /// The hosts that present the server certificate, that trust the CA, or that send the client certificate.
    package internal(set) var hostnames = OrderedUnique<String>()
    /// The places that name it.
    package internal(set) var places = OrderedUnique<Place>()
    /// The paths of its private keys.
    package internal(set) var keys = OrderedUnique<String>()
}

/// A position in a server's configuration.
package struct Place: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1; 0 for the file as a whole.
    package let line: Int
    /// The directive; may be empty.
    package let subject: String

    init(file: String, line: Int = 0, subject: String = "") {
        self.file = file
        self.line = line
        self.subject = subject
    }

    /// `file:line: directive`
    package var description: String {
        (line == 0 ? file : "\(file):\(line)") + (subject.isEmpty ? "" : ": \(subject)")
    }
}

/// A remark about something in a server's configuration that is not registered.
package struct Remark: Hashable, Sendable {
    package enum Kind: Sendable {
        /// It was understood and needs no registration.
        case note
        /// It was not followed, so a certificate may be missing.
        case warning
    }

    package let place: Place
    package let text: String
    package let kind: Kind
}

/// Unique values in the order of insertion.
package struct OrderedUnique<Element: Hashable & Sendable>: Hashable, Sendable {
    package private(set) var elements: [Element] = []
    private var present: Set<Element> = []

    mutating func append(_ element: Element) {
        if present.insert(element).inserted { elements.append(element) }
    }

    mutating func append(contentsOf elements: [Element]) {
        for element in elements { append(element) }
    }
}

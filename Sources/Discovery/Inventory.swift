import Certificates

/// What the configurations of servers name: certificates to watch, and whatever else a reviewer should know.
///
/// All text comes from files that others wrote and is hostile: whoever prints it escapes it for where it goes.
package struct Inventory: Sendable {
    /// In the order in which they were met; each path once a role.
    package private(set) var certificates: [DiscoveredCertificate] = []
    package private(set) var remarks: [Remark] = []
    private var indices: [Use: Int] = [:]
    /// The system that the configurations belong to.
    let root: SystemRoot
    /// All that was read of configurations, to be looked through for certificates that none of their readers took in.
    private(set) var texts: [ConfigurationText] = []

    /// Paths that are named and not for registering.
    private(set) var dismissed: [String] = []

    package init(in root: SystemRoot = .machine) {
        self.root = root
    }

    private struct Use: Hashable {
        let path: String
        let role: Role
    }

    /// Takes in that `path` is named at `place`, or once more for further hosts.
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

    /// Takes in what is named and is not for registering.
    mutating func note(_ text: String, at place: Place) {
        remarks.append(Remark(place: place, text: text, kind: .note))
    }

    /// Takes in that `path` is named and is not for registering, and why.
    mutating func dismiss(_ path: String, because text: String, at place: Place) {
        dismissed.append(path)
        note("\(path) is not registered: \(text)", at: place)
    }

    /// Takes in what could not be followed, so that something may be missing.
    mutating func warn(_ text: String, at place: Place) {
        remarks.append(Remark(place: place, text: text, kind: .warning))
    }

    /// Keeps what a server's reader has read. Relative paths in it may begin at `bases`.
    mutating func take(_ texts: [ConfigurationText], bases: [ServerDirectory]) {
        self.texts += texts.map { text in
            var text = text
            text.bases = [ServerDirectory(ofFile: text.file, in: root)] + bases
            return text
        }
    }

    /// The text of a server's only file; nil, and warned about, when it cannot be read.
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
    /// The hosts that present a server's certificate, that a CA opens, or on whose behalf a client's is sent.
    package internal(set) var hostnames = OrderedUnique<String>()
    /// Where it is named.
    package internal(set) var places = OrderedUnique<Place>()
    /// The paths of its private keys.
    package internal(set) var keys = OrderedUnique<String>()
}

/// Where a server's configuration says something.
package struct Place: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1; 0 for the file as a whole.
    package let line: Int
    /// The directive, or empty.
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

/// Something in a server's configuration that leads to no registration.
package struct Remark: Hashable, Sendable {
    package enum Kind: Sendable {
        /// Understood, and nothing to register.
        case note
        /// Not followed: something may be missing.
        case warning
    }

    package let place: Place
    package let text: String
    package let kind: Kind
}

/// Values in the order in which they came, each once.
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

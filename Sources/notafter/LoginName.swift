import Glibc

/// The user at the terminal.
enum LoginName {
    /// The user who called sudo, otherwise the user of the process, otherwise its numeric id.
    static var current: String {
        if let name = getenv("SUDO_USER").map({ String(cString: $0) }), !name.isEmpty { return name }
        return ofProcess
    }

    /// The user of the process, otherwise its numeric id.
    static var ofProcess: String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4_096)
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name
        else { return "uid \(getuid())" }
        return String(cString: name)
    }
}

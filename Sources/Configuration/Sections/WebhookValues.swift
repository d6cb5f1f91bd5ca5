import Certificates
import Delivery
import FileReading
import Foundation
import Glibc

/// The values of a webhook that are secrets or lead to one. No message quotes them.
extension Cursor {
    private static let secretByteLimit = 65_536

    /// An https URL, or an http one that stays on this machine.
    func webhookURL() -> Secret? {
        guard let text = text() else { return nil }
        return webhookURL(text, subject: "")
    }

    /// The URL that is all of a file, with white space around it.
    func webhookURLInFile() -> Secret? {
        guard let path = secretFilePath() else { return nil }
        do throws(RegularFile.Failure) {
            let bytes = try RegularFile.read(path, limit: Self.secretByteLimit)
            let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            return webhookURL(text, subject: "the URL in it ")
        } catch {
            report("the file \(error.clause)")
            return nil
        }
    }

    private func webhookURL(_ text: String, subject: String) -> Secret? {
        do throws(WebAddress.Defect) {
            let address = try WebAddress(parsing: text)
            guard address.scheme == .https || address.isLoopback else { throw .scheme }
            return Secret(text)
        } catch {
            let exception = error == .scheme ? " (http:// only to this machine)" : ""
            report(subject + error.rawValue + exception)
            return nil
        }
    }

    /// The path of a file of signing secrets. What it holds is checked if it can be read here: a configuration may be
    /// checked on a machine, or by a user, that has no secrets.
    func secretFile() -> String? {
        guard let path = secretFilePath() else { return nil }
        switch SigningSecretFile.check(path) {
        case nil, .unreadable(.system(ENOENT)), .unreadable(.system(ENOTDIR)), .unreadable(.system(EACCES)): break
        case .some(let problem): report("the file \(problem.clause)")
        }
        return path
    }

    /// A path, unless it is what the file should hold.
    private func secretFilePath() -> String? {
        guard let text = pathText() else { return nil }
        guard !text.hasPrefix("whsec_"), !text.contains("://") else {
            report("names a file; put the value itself into that file")
            return nil
        }
        return reading.base.absolute(text)
    }
}

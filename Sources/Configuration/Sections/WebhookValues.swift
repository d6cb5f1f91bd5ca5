import Certificates
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
        do throws(RegularFile.Failure) {
            let bytes = try RegularFile.read(path, limit: Self.secretByteLimit)
            checkSecrets(String(decoding: bytes, as: UTF8.self))
        } catch .system(ENOENT), .system(ENOTDIR), .system(EACCES) {
            return path
        } catch {
            report("the file \(error.clause)")
        }
        return path
    }

    /// One secret a line, as Standard Webhooks writes it: `whsec_` and the base64 of 24 to 64 bytes.
    private func checkSecrets(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        for (number, line) in zip(1..., lines) where !line.isEmpty {
            let key = line.hasPrefix("whsec_") ? Data(base64Encoded: String(line.dropFirst(6))) : nil
            guard let key, (24...64).contains(key.count) else {
                report("line \(number) of the file is not \"whsec_\" and the base64 of 24 to 64 bytes")
                continue
            }
        }
        if lines.allSatisfy(\.isEmpty) {
            report("the file holds no secret")
        }
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

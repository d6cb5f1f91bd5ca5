import ArgumentParser
import Certificates
import Configuration

extension FindingCode {
    /// The code that an argument names.
    ///
    /// - Throws: `ValidationError` for any other text, so that a typo is noticed.
    static func named(_ text: String) throws -> FindingCode {
        guard let code = FindingCode(rawValue: text) else {
            let hint = didYouMean(text, among: allCases.map(\.rawValue))
            throw ValidationError("no finding has this code\(hint.isEmpty ? "; docs/findings.md lists them" : hint)")
        }
        return code
    }
}

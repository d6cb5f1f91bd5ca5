import ArgumentParser
import CertificateDecoding
import Certificates
import Foundation
import Monitor
import Scanning

/// `notafter inspect`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show the certificates in a file, or from standard input.",
        discussion: "Exit status: 0, or 1 when something could not be read.")

    /// More than this nobody pipes by intent.
    private static let standardInputLimit = 64 << 20

    @Argument(help: "A file, or - for standard input.")
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let (certificates, defects) = try file == "-" ? standardInput() : contents(of: file)
        if output.json {
            print(try JSONText.indented(certificates))
        } else {
            print(certificates.map(\.text).joined(separator: "\n\n"))
        }
        for defect in defects { StandardError.print("notafter: \(defect.message)") }
        if certificates.isEmpty, defects.isEmpty { StandardError.print("notafter: \(file): holds no certificate") }
        if certificates.isEmpty || !defects.isEmpty { throw ExitStatus.failure }
    }

    private func standardInput() throws -> ([CertificateObject], [Defect]) {
        let bytes = try FileHandle.standardInput.read(upToCount: Self.standardInputLimit) ?? Data()
        let bundle = try CertificateDecoder().bundle(Array(bytes))
        let certificates = bundle.certificates.enumerated().map { index, certificate in
            CertificateObject(certificate: certificate, location: .standardInput(index: index))
        }
        return (certificates, bundle.defects.map { $0.naming(FilePath("standard input")) })
    }

    private func contents(of file: String) throws -> ([CertificateObject], [Defect]) {
        var certificates: [CertificateObject] = []
        var defects: [Defect] = []
        try Search().look(at: PathPattern(target: file)) { finding in
            switch finding {
            case .certificate(let certificate, let location):
                certificates.append(CertificateObject(certificate: certificate, location: location))
            case .defect(_, let defect):
                defects.append(defect)
            }
        }
        return (certificates, defects)
    }
}

extension CertificateObject {
    /// One fact a line, for people.
    fileprivate var text: String {
        let names = certificate.subjectAlternativeNames
        let facts = [
            ("Location", location.description),
            ("Subject", certificate.subject),
            ("Issuer", certificate.issuer),
            ("Serial number", certificate.serialNumber.description),
            ("Not before", certificate.validity.notBefore?.description ?? "unreadable"),
            ("Not after", certificate.validity.notAfter?.description ?? "unreadable"),
            ("Alternative names", names.isEmpty ? "none" : names.joined(separator: ", ")),
            ("CA", certificate.isCA ? "yes" : "no"),
            ("Public key", certificate.publicKey),
            ("Signature algorithm", certificate.signatureAlgorithm),
            ("SHA-256", certificate.fingerprint.description),
        ]
        return facts.map { name, value in
            name.padding(toLength: 20, withPad: " ", startingAt: 0) + TerminalText.escaped(value)
        }.joined(separator: "\n")
    }
}

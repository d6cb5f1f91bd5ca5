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
        abstract: "Show the certificates and revocation lists in a file, or from standard input.",
        discussion: "Exit status: 0, or 1 when something could not be read.")

    /// More than this nobody pipes by intent.
    private static let standardInputLimit = 64 << 20

    @Argument(help: "A file, or - for standard input.")
    var file: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var passphrase: PassphraseOptions

    func run() throws {
        let (objects, defects) = try file == "-" ? standardInput() : contents(of: file)
        if output.json {
            print(try JSONText.indented(objects))
        } else {
            print(objects.map(\.text).joined(separator: "\n\n"))
        }
        for defect in defects { StandardError.print("notafter: \(defect.message)") }
        if objects.isEmpty, defects.isEmpty { StandardError.print("notafter: \(file): holds no certificate") }
        if objects.isEmpty || !defects.isEmpty { throw ExitStatus.failure }
    }

    private func standardInput() throws -> ([InspectedObject], [Defect]) {
        let bytes = try FileHandle.standardInput.read(upToCount: Self.standardInputLimit) ?? Data()
        let passphrase = Passphrase(file: passphrase.file)
        let bundle = try CertificateDecoder().bundle(Array(bytes), passphrase: passphrase.secret)
        let certificates = bundle.certificates.enumerated().map { index, certificate in
            InspectedObject.certificate(
                CertificateObject(certificate: certificate, location: .standardInput(index: index)))
        }
        let lists = bundle.revocationLists.enumerated().map { index, list in
            InspectedObject.revocationList(RevocationListObject(list: list, location: .standardInput(index: index)))
        }
        let defects = passphrase.explained(bundle.defects).map { $0.naming(FilePath("standard input")) }
        return (certificates + lists, defects)
    }

    private func contents(of file: String) throws -> ([InspectedObject], [Defect]) {
        var objects: [InspectedObject] = []
        var defects: [Defect] = []
        try Search().look(at: PathPattern(target: file), passphraseFile: passphrase.file) { finding in
            switch finding {
            case .certificate(let certificate, let location):
                objects.append(.certificate(CertificateObject(certificate: certificate, location: location)))
            case .revocationList(let list, let location):
                objects.append(.revocationList(RevocationListObject(list: list, location: location)))
            case .defect(_, let defect):
                defects.append(defect)
            }
        }
        return (objects, defects)
    }
}

import ArgumentParser
import CertificateDecoding
import Certificates
import Foundation
import Monitor
import Verification

/// `notafter verify`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a certificate as a backend must: in a file, or as an edge forwards it in a header.",
        discussion: """
            The first certificate of a file is judged; those after it may stand in its path. With --header, standard \
            input holds the header's value, its line, or all header lines of a request.

            Exit status: 0 all checks hold, 2 one does not, 3 there is nothing to judge.

            Examples:
              notafter verify client.pem --ca ca.pem --purpose client
              notafter verify --header X-Amzn-Mtls-Clientcert --ca ca.pem --common-name 'device-*' < header.txt
              notafter verify ca.pem --profile cloudflare-access
            """)

    @Argument(help: "Files, or - for standard input.")
    var files: [String] = []

    @Option(help: ArgumentHelp("Read this header from standard input.", valueName: "NAME"))
    var header: String?

    @OptionGroup var demands: VerificationOptions
    @OptionGroup var passphrases: PassphraseOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard files.isEmpty == (header == nil) else { return }
        throw ValidationError(
            files.isEmpty ? "Name a file, or a header with --header." : "Name either files or --header, not both.")
    }

    func run() throws {
        let now = times.time.now
        let decoder = try CertificateDecoder(patience: .attended)
        let check: ForwardedCertificateCheck
        let passphrase: Secret?
        do throws(UnusableInput) {
            passphrase = try passphrases.file.passphrase()
            check = try demands.check(decoder, passphrase: passphrase)
        } catch {
            StandardError.print("notafter: \(error)")
            throw VerificationStatus.nothingToVerify
        }
        var judgements: [VerificationObject] = []
        var isSomethingMissing = false
        for input in header.map({ [VerificationInput.header($0)] }) ?? files.map(VerificationInput.file) {
            do {
                judgements.append(
                    VerificationObject(
                        report: try input.report(by: check, decoder, passphrase, at: now), location: input.location,
                        name: input.name))
            } catch let error as UnusableInput {
                StandardError.print("notafter: \(error)")
                isSomethingMissing = true
            }
        }
        try show(judgements)
        if demands.ca.isEmpty, !output.quiet {
            StandardError.print("notafter: no signature was checked; --ca names the CAs that are trusted")
        }
        guard judgements.allSatisfy(\.report.holds) else { throw VerificationStatus.refused }
        if isSomethingMissing { throw VerificationStatus.nothingToVerify }
    }

    /// One object for one certificate, an array for several files.
    private func show(_ judgements: [VerificationObject]) throws {
        if output.json {
            if files.count > 1 {
                print(try JSONText.indented(judgements))
            } else if let judgement = judgements.first {
                print(try JSONText.indented(judgement))
            }
            return
        }
        for judgement in judgements where !output.quiet || !judgement.report.holds {
            output.terminal.show(judgement.lines(on: output.terminal))
        }
    }
}

/// The source of a certificate to verify.
private enum VerificationInput {
    case file(String)
    case header(String)

    var name: String {
        switch self {
        case .file("-"): "standard input"
        case .file(let path): path
        case .header(let name): name
        }
    }

    var location: Location {
        switch self {
        case .file("-"), .header: .standardInput(index: 0)
        case .file(let path): .file(FilePath(path), index: 0)
        }
    }

    /// - Throws: `UnusableInput` when there is no certificate to verify.
    func report(
        by check: ForwardedCertificateCheck, _ decoder: CertificateDecoder, _ passphrase: Secret?, at now: Instant
    ) throws -> VerificationReport {
        switch self {
        case .header(let name):
            // One byte more than allowed, to detect input that is too long.
            let text = try Self.standardInput(upTo: ForwardedCertificate.byteLimit + 1)
            do {
                return try check.report(
                    onForwarded: text, header: ForwardedHeader(name), decoder: decoder, at: now)
            } catch let error as ForwardedCertificateError {
                throw UnusableInput(name: name, reason: error.description)
            }
        case .file(let path):
            let bytes =
                path == "-"
                ? try Self.standardInput(upTo: VerificationOptions.byteLimit)
                : try VerificationOptions.content(of: path).bytes
            let bundle = decoder.verifiableBundle(bytes, passphrase: passphrase)
            guard !bundle.certificates.isEmpty || !bundle.defects.isEmpty else {
                throw UnusableInput(name: name, reason: "holds no certificate")
            }
            return try check.report(on: bundle, at: now)
        }
    }

    private static func standardInput(upTo limit: Int) throws -> [UInt8] {
        Array(try FileHandle.standardInput.read(upToCount: limit) ?? Data())
    }
}

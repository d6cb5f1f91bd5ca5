import Certificates

/// Facts of every finding, for tests of their words and of their stored form.
package enum FindingSamples {
    package static let date = Instant(seconds: 1_800_000_000)
    /// The names in the facts, which no language may run into its own words.
    package static let names = ["CN=billing", "CN=Lab Issuing", "access-login", "ops", "/pki/billing.pem"]

    private static let (leaf, issuer, endpoint, receiver, path) = (
        names[0], names[1], names[2], names[3], names[4]
    )
    private static let reason = "unable to get local issuer certificate"

    /// At least one for each code.
    package static func facts(of code: FindingCode) -> [FindingFacts] {
        switch code.concern {
        case .place: place(code).map { .place($0) }
        case .endpoint: code == .endpointFailing ? endpoints : prediction(code).map { prediction($0) }
        case .machine: machine(code).map { .machine($0) }
        case .receiver: receivers(code).map { .receiver($0) }
        case .certificate, .revocationList: flaws(of: code).map { flawed($0) }
        }
    }

    /// All facts with their codes.
    package static var all: [(code: FindingCode, facts: FindingFacts)] {
        FindingCode.allCases.flatMap { code in facts(of: code).map { (code, $0) } }
    }

    private static func flawed(_ flaw: FlawFact) -> FindingFacts {
        .flaws(examples: [FlawBearer(name: leaf, place: path, flaws: [flaw])], count: 4)
    }

    private static func prediction(_ fact: PredictionFact) -> FindingFacts {
        .prediction(endpoint: endpoint, url: "https://login.example.com/", fact)
    }

    private static func place(_ code: FindingCode) -> [PlaceFact] {
        let defect = DefectFact(reason: .permissionDenied, path: path, message: "\(path): permission denied")
        switch code {
        case .lostFromSight:
            return [
                .unreadable(defect), .emptied(place: path, content: .certificate),
                .neverShown(place: path, content: .revocationList, defect: nil),
                .neverShown(place: path, content: .certificate, defect: defect),
                .partlyUnreadable(place: "/pki", count: 5, examples: [defect]),
            ] + Defect.Reason.allCases.map { .unreadable(DefectFact(reason: $0, path: path, message: "\(path): it")) }
        case .unreadableCertificate: return [.undecodable(place: "/pki", count: 1, examples: [defect])]
        case .wentBackwards:
            return [
                .certificateReplaced(path: path, name: leaf, expiry: date, newExpiry: .noWellDefinedExpiry),
                .listReplaced(path: path, issuer: issuer, issued: date, newIssued: nil),
            ]
        case .observedLimitReached: return [.observedLimit(limit: 1_000, example: leaf, edge: endpoint)]
        default: return []
        }
    }

    private static func machine(_ code: FindingCode) -> [MachineFact] {
        switch code {
        case .clockStepped: [.clockSetForward(by: .days(3)), .clockSetBack(by: .hours(30))]
        case .networkUnreachable: [.cutOff(endpoints: 2)]
        default: []
        }
    }

    private static func receivers(_ code: FindingCode) -> [ReceiverFacts] {
        let troubles: [ReceiverFacts.Trouble] =
            switch code {
            case .receiverRefusing: [.gone(answer: "HTTP 410 Gone"), .refuses, .cannotBeSent]
            case .receiverUnreachable: [.unreachable(since: date, expired: 1), .unreachable(since: nil, expired: 0)]
            default: []
            }
        let waiting = [
            ReceiverFacts.WaitingNotice(
                registration: "fleet", kind: .expiring, stage: "14d", code: nil, name: leaf),
            ReceiverFacts.WaitingNotice(
                registration: "fleet", kind: .finding, stage: nil, code: .weakKey, name: nil),
        ]
        return troubles.flatMap { trouble in
            [
                ReceiverFacts(
                    receiver: receiver, trouble: trouble, waiting: 3, examples: waiting,
                    answer: "the server closed the connection"),
                ReceiverFacts(receiver: receiver, trouble: trouble, waiting: 0, examples: [], answer: nil),
            ]
        }
    }

    private static func prediction(_ code: FindingCode) -> [PredictionFact] {
        switch code {
        case .issuerNotAccepted: [.issuerNotListed]
        case .servedCertificateDiffers:
            [true, false].map { .fileDiffers(path: path, served: .at(date), inFile: .never, fileIsNewer: $0) }
        case .servedChainIncomplete: [.intermediateMissing(name: issuer)]
        case .expiredCertificateServed: [.expiredServed(name: leaf, issuer: issuer, end: .at(date))]
        case .expiredAccepted: [.expiredAccepted(name: leaf, end: date), .expiredAccepted(name: leaf, end: nil)]
        case .servedCertificatesDisagree:
            [
                .addressesDisagree([
                    .init(address: "192.0.2.1", end: .at(date)), .init(address: "::1", end: .unreadable),
                ])
            ]
        case .clientOutlivesIssuer: [.clientEndsWithIssuer(issuer: issuer, end: date)]
        default: []
        }
    }

    /// Every verdict that is a finding, and every outcome with each state of the client certificate.
    private static var endpoints: [FindingFacts] {
        let byVerdict = Verdict.allCases.filter { !$0.isGood }.map { verdict in
            facts(verdict, ProbeOutcome.allCases.first { $0.kind == .refused } ?? .accepted, .valid)
        }
        let byOutcome = ProbeOutcome.allCases.flatMap { outcome in
            ClientCertificateFact.allCases.map { facts(.unexpectedAnswer, outcome, $0) }
        }
        let refused = ClientCertificateFact.allCases.map { facts(.refusedOurs, .refusedStatus, $0) }
        let unmet = unmetExpectations.map { expectation in
            facts(.unexpectedAnswer, .unmetExpectation, .valid) { $0.unmet = [expectation, .noPong] }
        }
        return (byVerdict + byOutcome + refused + unmet).map { .endpoint($0) }
    }

    private static func facts(
        _ verdict: Verdict, _ outcome: ProbeOutcome, _ certificate: ClientCertificateFact,
        _ change: (inout EndpointFacts.ProbeFact) -> Void = { _ in }
    ) -> EndpointFacts {
        var positive = EndpointFacts.ProbeFact(outcome: outcome, certificate: certificate)
        positive.certificateEnd = certificate == .none ? nil : date
        positive.wasAsked = true
        positive.alert = 48
        positive.reason = "certificate verify failed"
        change(&positive)
        var negative = EndpointFacts.ProbeFact(outcome: .accepted, certificate: .none)
        negative.status = 200
        var facts = EndpointFacts(
            name: endpoint, url: "https://login.example.com/", verdict: verdict, positive: positive)
        facts.address = "192.0.2.1"
        facts.negative = negative
        facts.wrong = [.init(name: "foreign", probe: .init(outcome: .refusedUnknownCA, certificate: .valid))]
        facts.isCertificateRequested = certificate != .none
        facts.issuerListing = certificate == .valid ? .missing : .notStated
        return facts
    }

    private static let unmetExpectations: [UnmetExpectation] = [
        .httpVersion(spoken: nil, expected: "HTTP/2"), .tlsVersion(spoken: "TLSv1.2", expected: "1.3"),
        .slow(milliseconds: 900, limit: 500), .headerMissing(name: "x-served-by"),
        .headerDiffers(name: "x-served-by", expected: "edge one", values: ["edge two and more"]),
        .headerDiffers(name: "x-served-by", expected: "edge one", values: []), .cookieMissing(name: "session"),
        .bodyLacks(text: "welcome to the service"), .bodyDoesNotMatch(pattern: "^ok"),
        .body(start: "an error has occurred"), .body(start: ""),
        .valueDiffers(path: "status.text", expected: "ok", value: "down for maintenance"),
        .valueDiffers(path: "status.text", expected: "ok", value: nil),
        .status(status: 302, expected: "200", location: "https://login.example.com/"), .noPong,
        .otherProtocol(expected: "PostgreSQL"), .sessionEnded,
        .answered(service: "PostgreSQL", message: "role does not exist"), .roleMissing, .passwordAsked, .userNotNamed,
        .signaturesNotShared(accepted: ["ed25519", "rsa_pss_rsae_sha256"]),
    ]
}

extension FindingSamples {
    private static func flaws(of code: FindingCode) -> [FlawFact] {
        let path = pathFlaws(of: code).flatMap { flaw in flaw.map { FlawFact.path($0) } }
        return path + revocationFlaws(of: code).map { .revocation($0) }
            + certificateFlaws(of: code).map { .certificate($0) }
            + listFlaws(of: code).map { .list($0) }
    }

    /// Each of the certificate itself and of a CA of its path.
    private static func pathFlaws(of code: FindingCode) -> [[PathFlaw]] {
        let issuer = names[1]
        return [nil, issuer].map { holder in
            switch code {
            case .issuerUnknown: [.issuerUnknown(issuer: holder, reason: reason)]
            case .signatureInvalid: [.signatureInvalid(holder: holder, issuer: issuer)]
            case .pathLengthExceeded: [.pathLengthExceeded(holder: holder)]
            case .nameConstraintsViolated:
                [.nameConstraintsViolated(holder: holder, reason: reason), .tooManyNames(holder: holder)]
            case .issuerNotAuthority:
                [.notAuthority(holder: holder, reason: reason), .issuerMayNotSign(issuer: issuer)]
            case .issuerNotValid:
                [
                    .issuerNotYetValid(issuer: issuer, notBefore: date), .issuerExpired(issuer: issuer, notAfter: date),
                    .issuerDateUnreadable(issuer: issuer, reason: holder.map { _ in reason }),
                ]
            case .pathInvalid:
                [
                    .notAccepted(holder: holder, reason: reason), .keyUnusable(holder: holder, key: "RSA"),
                    .keyUnsupported(holder: holder, key: "ML-DSA-44", version: "3.0.20"),
                    .signatureUnsupported(issuer: issuer, algorithm: "ML-DSA-44", version: "3.0.20"),
                    .issuerExtension(issuer: issuer, flaw: ExtensionFact(.duplicate, name: "subjectAltName")),
                    .issuerExtension(issuer: issuer, flaw: ExtensionFact(.malformed, name: nil)),
                    .unreadable(reason: holder.map { _ in reason }),
                ]
            case .belowSecurityLevel:
                [
                    .keyBelowLevel(holder: holder, key: .rsa(bits: 1_024), level: 2),
                    .signatureBelowLevel(
                        holder: holder, signature: SignatureFact(scheme: .rsa, digest: .md5OrOlder), level: 2),
                ]
            case .wrongPurpose: [.wrongPurpose(holder: holder, reason: reason)]
            default: []
            }
        }
    }

    private static func revocationFlaws(of code: FindingCode) -> [RevocationFlaw] {
        let (leaf, issuer) = (names[0], names[1])
        return switch code {
        case .revoked:
            [
                .revoked(holder: nil, at: date, reason: "keyCompromise", issuer: issuer),
                .revoked(holder: leaf, at: nil, reason: nil, issuer: issuer),
            ]
        case .revocationListMissing:
            [
                .listMissing(issuer: issuer), .listOfOtherScope(issuer: issuer, holder: nil, reason: reason),
                .listIndirect(issuer: issuer), .listOfSomeReasons(issuer: issuer), .otherListIssuer(issuer: issuer),
                .deltaWithoutBase(issuer: issuer),
            ]
        case .revocationListNotCurrent:
            [.listNotCurrent(issuer: issuer, reason: reason), .deltaNotCurrent(issuer: issuer)]
        case .revocationListInvalid:
            [
                .listInvalid(issuer: issuer, reason: reason), .listSignedByOther(issuer: issuer),
                .distributionPointInvalid(issuer: issuer), .deltaWithCriticalExtension(issuer: issuer),
                .deltaSignedByOther(issuer: issuer), .noAuthority, .noVerifiedIssuer,
            ]
        default: []
        }
    }

    private static func listFlaws(of code: FindingCode) -> [ListFlaw] {
        let (leaf, issuer) = (names[0], names[1])
        return switch code {
        case .listNotYetCurrent: [.notYetCurrent(thisUpdate: date)]
        case .nextUpdateMissing: [.nextUpdateMissing, .nextUpdateUnreadable]
        case .listSignatureInvalid: [.signedByOther(issuer: issuer), .issuerNotRegistered(issuer: issuer), .unreadable]
        case .revokedSerialsUnknown: [.serialNumbersUnknown(count: 1, issuer: issuer)]
        case .revokedSerialsMisread: [.serialNumberMisread(issuer: issuer, name: leaf, serialNumber: "0f")]
        default: []
        }
    }

    private static func certificateFlaws(of code: FindingCode) -> [CertificateFlaw] {
        let (issuer, path) = (names[1], names[4])
        let signature = SignatureFact(scheme: .other, digest: .sha1)
        return switch code {
        case .unreadableDate: [.dateUnreadable(reason: nil), .dateUnreadable(reason: reason)]
        case .notYetValid: [.notYetValid(notBefore: date)]
        case .expired: [.expired(notAfter: date)]
        case .outlivesIssuer: [.outlivesIssuer(issuer: issuer, end: date)]
        case .thresholdTooWide:
            [[TimeSpan.days(30)], [.days(30), .days(14)]].map { .thresholdsTooWide(spans: $0, lifetime: .days(47)) }
        case .notAuthority: [.noAuthorityFlag, .noCertificateSigning, .serviceWantsAuthority(service: .awsTrustStore)]
        case .wrongPurpose: [true, false].map { .usageMissing(usage: "clientAuth", hasAny: $0) }
        case .weakKey:
            [KeyFact.dsa(bits: 1_024), .curve("secp160r1"), .unnamedCurve(bits: 160), .edwards, .unknown]
                .map { .keyWeak($0) }
        case .weakSignature: [.signatureWeak(signature), .signatureWeak(SignatureFact(scheme: .edwards, digest: nil))]
        case .signatureNotAllowed: [.serviceRefusesSignature(service: .cloudflareAccess, signature: signature)]
        case .keyNotAllowed: [.serviceRefusesKey(service: .awsTrustStore, key: .edwards)]
        case .versionNotAllowed: [.serviceRefusesVersion(service: .awsTrustStore, version: 1)]
        case .keyUnreadable:
            ([.encrypted, .failed(reason: "it does not exist")]
                + KeyFileTrouble.Content.allCases.map { KeyFileTrouble.noKey(instead: $0) })
                .map { .keyUnreadable(path: path, trouble: $0) }
        case .keyMismatch: [.keyMismatch(path: path)]
        case .keyReadableByOthers: [.keyReadableByOthers(path: path, mode: "0644")]
        case .commonNameMismatch:
            [.commonNameDiffers(names: [], expected: "billing"), .commonNameDiffers(names: ["a", "b"], expected: "c")]
        case .issuerMismatch: [.issuerDiffers(names: ["Other"], expected: "Lab")]
        case .alternativeNameMissing: [.serverNameMissing, .nameMissing(expected: "DNS:api.example.com")]
        case .fingerprintMismatch: [.fingerprintDiffers(fingerprint: "0a", expected: "0b")]
        case .duplicateSerialNumber:
            [
                .serialNumberShared(serialNumber: "0f"),
                .serialNumberSharedByMany(count: 2, issuer: issuer, serialNumber: "0f"),
            ]
        case .extensionInvalid: [.extensionFlawed(ExtensionFact(.malformed, name: "keyUsage"))]
        default: []
        }
    }
}

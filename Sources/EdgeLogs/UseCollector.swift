import CertificateDecoding
import Certificates

/// Reads the lines of an edge, and collects the latest use of each certificate at each hostname.
///
/// A certificate is decoded once: later lines with the same value cost a look-up. Each object must be used by one thread
/// at a time.
package final class UseCollector {
    /// Longer lines are not read. Edges forward at most 26 KiB (Cloudflare), and 64 KiB are read of a value.
    package static let longestLine = 128 * 1_024
    /// The most values that are remembered. Clients can present any number of certificates.
    private static let memoryLimit = 65_536
    /// 2000-01-01T00:00:00Z. A smaller number is no time of a request; it may be its duration.
    private static let earliestUse = Instant(seconds: 946_684_800)
    /// So many uses are recorded in one transaction.
    private static let batchSize = 1_000

    /// Identifies a value by its hash, with which the process was seeded at random, so that no client can choose values
    /// that collide, and by its length.
    private struct ValueKey: Hashable {
        let hash: Int
        let length: Int
    }

    /// A certificate at a hostname, by their indexes.
    private struct Place: Hashable {
        let certificate: Int
        let hostname: Int
    }

    private let format: ReportFormat
    private let report: CertificateReport
    private var fields: ReportedFields
    private var json = JSONLine()
    private var known: [ValueKey: Result<Int, UnreadableLine>] = [:]
    private var certificates: [CertificateReport.Reported] = []
    private var knownHostnames: [ValueKey: Int] = [:]
    /// nil for what is not a hostname.
    private var hostnames: [String?] = [nil]
    private var latest: [Place: Instant] = [:]
    private var lastTime: (text: [UInt8], instant: Instant)?
    /// What the lines contained so far.
    package private(set) var tally = LineTally()

    /// - Throws: `OpenSSLError` when OpenSSL provides no SHA-256.
    package init(_ format: ReportFormat) throws {
        self.format = format
        report = try CertificateReport()
        fields = ReportedFields(escaping: format.escaping)
    }

    /// Whether `take` should be called before the next line, so that a batch stays small and memory bounded.
    package var isFull: Bool {
        latest.count >= Self.batchSize || known.count >= Self.memoryLimit || hostnames.count >= Self.memoryLimit
    }

    /// Reads one line, without its line end.
    ///
    /// - Parameters:
    ///   - line: the line. An empty one is skipped.
    ///   - now: the time of uses whose line has none.
    package func read(_ line: borrowing Span<UInt8>, at now: Instant) {
        guard !line.isEmpty else { return }
        do throws(UnreadableLine) {
            let reading = try reading(of: line, at: now)
            tally.count(reading)
            guard case .use(let certificate, let hostname, let usedAt) = reading else { return }
            let place = Place(certificate: certificate, hostname: hostname)
            if let known = latest[place], known >= usedAt { return }
            latest[place] = usedAt
        } catch {
            tally.count(error, line)
        }
    }

    /// Counts a line that is longer than `longestLine`, by its beginning.
    package func skip(longLine beginning: borrowing Span<UInt8>) {
        tally.count(.tooLong, beginning)
    }

    /// The uses since the last call, each certificate at each hostname once.
    package func take() -> [CertificateUse] {
        let uses = latest.map { place, usedAt in
            CertificateUse(
                certificate: certificates[place.certificate].certificate,
                extent: certificates[place.certificate].extent, hostname: hostnames[place.hostname], usedAt: usedAt)
        }
        latest.removeAll(keepingCapacity: true)
        if known.count >= Self.memoryLimit || hostnames.count >= Self.memoryLimit {
            known = [:]
            certificates = []
            knownHostnames = [:]
            hostnames = [nil]
        }
        return uses
    }

    private func reading(of line: borrowing Span<UInt8>, at now: Instant) throws(UnreadableLine) -> LineReading {
        guard line.count <= Self.longestLine else { throw .tooLong }
        fields.clear()
        switch format {
        case .json: try json.read(line, into: &fields)
        case .nginx(let format): try format.read(line, into: &fields)
        case .connectionLog: try ConnectionLogLine.read(line, into: &fields)
        }
        guard fields.isAboutCertificates else { throw .noField }
        let hasCertificate = fields[.certificate] != nil || fields[.subject] != nil || fields[.notAfter] != nil
        guard hasCertificate, !says("0", "false", .presented, line), !says("NONE", "none", .verification, line) else {
            return .withoutCertificate
        }
        guard isAccepted(line) else { return .notAccepted }
        let certificate = try certificate(of: line)
        return .use(certificate: certificate, hostname: hostname(of: line), at: usedAt(of: line) ?? now)
    }

    /// Whether the edge accepted the certificate, or does not report that.
    private func isAccepted(_ line: borrowing Span<UInt8>) -> Bool {
        if says("1", "true", .revoked, line) { return false }
        guard fields[.verification] != nil else { return true }
        return says("SUCCESS", "Success", .verification, line) || says("true", "1", .verification, line)
    }

    /// Whether a field has one of two values.
    private func says(
        _ first: StaticString, _ second: StaticString, _ field: ReportField, _ line: borrowing Span<UInt8>
    ) -> Bool {
        guard let range = fields[field] else { return false }
        return range.count == first.utf8CodeUnitCount && line.holds(first, at: range.lowerBound)
            || range.count == second.utf8CodeUnitCount && line.holds(second, at: range.lowerBound)
    }

    /// The index of the line's certificate.
    private func certificate(of line: borrowing Span<UInt8>) throws(UnreadableLine) -> Int {
        let key = certificateKey(of: line)
        if let known = known[key] { return try known.get() }
        let result: Result<Int, UnreadableLine>
        do throws(UnreadableLine) {
            let reported: CertificateReport.Reported
            if let range = fields[.certificate] {
                reported = try report.certificate(
                    in: FieldText.bytes(range, of: line, fields.escaping), header: fields.header)
            } else {
                reported = try report.description(in: fields, of: line)
            }
            certificates.append(reported)
            result = .success(certificates.count - 1)
        } catch {
            result = .failure(error)
        }
        known[key] = result
        return try result.get()
    }

    /// The identity of what the line reports of the certificate.
    private func certificateKey(of line: borrowing Span<UInt8>) -> ValueKey {
        if let range = fields[.certificate] { return Self.key(of: range, in: line) }
        var hasher = Hasher()
        var length = 0
        for field: ReportField in [
            .subject, .issuer, .serialNumber, .notBefore, .notAfter, .validity, .fingerprint,
        ] {
            hasher.combine(field)
            guard let range = fields[field] else { continue }
            Self.combine(range, of: line, into: &hasher)
            length += range.count
        }
        return ValueKey(hash: hasher.finalize(), length: length)
    }

    private static func key(of range: Range<Int>, in line: borrowing Span<UInt8>) -> ValueKey {
        var hasher = Hasher()
        combine(range, of: line, into: &hasher)
        return ValueKey(hash: hasher.finalize(), length: range.count)
    }

    private static func combine(_ range: Range<Int>, of line: borrowing Span<UInt8>, into hasher: inout Hasher) {
        line.extracting(range).withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(range.count)
    }

    /// The index of the line's hostname.
    private func hostname(of line: borrowing Span<UInt8>) -> Int {
        guard let range = fields[.hostname] else { return 0 }
        let key = Self.key(of: range, in: line)
        if let known = knownHostnames[key] { return known }
        let text = FieldText.text(range, of: line, fields.escaping).lowercased()
        let name = text.hasPrefix("[") ? text : String(text.prefix { $0 != ":" })
        let isName = Hostname.isValidPattern(name) && name != "_"
        if isName { hostnames.append(name) }
        let index = isName ? hostnames.count - 1 : 0
        // Hosts that are no names are not remembered: there is no end of them.
        if isName { knownHostnames[key] = index }
        return index
    }

    private func usedAt(of line: borrowing Span<UInt8>) -> Instant? {
        guard let range = fields[.time] else { return nil }
        if let lastTime, lastTime.text.count == range.count,
            lastTime.text.indices.allSatisfy({ lastTime.text[$0] == line[range.lowerBound + $0] })
        {
            return lastTime.instant
        }
        let text = FieldText.bytes(range, of: line, fields.escaping)
        guard let instant = ReportedTime.instant(String(decoding: text, as: UTF8.self)), instant >= Self.earliestUse
        else { return nil }
        lastTime = (line.bytes(range), instant)
        return instant
    }
}

import Certificates
import ExpiryRules

/// Opens and closes findings, and writes their notices.
struct FindingWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    private var recorder: FindingRecorder { FindingRecorder(session: session, now: now) }

    /// Opens `finding`. Its notice is sent if it was not open before.
    @discardableResult
    func open(_ finding: Finding) throws -> [Int64] {
        try NoticeWriter(session: session, plan: plan, now: now).notify(recorder.open(finding))
    }

    /// Records that a finding has changed: its earlier notices are superseded, and a new one is sent.
    func change(to finding: Finding) throws -> [Int64] {
        try recorder.beginAnew(finding)
        return try open(finding)
    }

    /// Closes a finding if it is open.
    @discardableResult
    func close(registration: String, code: FindingCode, place: String) throws -> [Int64] {
        try recorder.close(FindingTable.Key(registration: registration, code: code, place: place))
    }
}

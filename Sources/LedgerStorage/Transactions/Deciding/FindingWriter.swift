import Certificates
import ExpiryRules

/// Opens and closes findings, and tells of both.
struct FindingWriter {
    let session: any SQLSession
    let plan: WatchPlan
    let now: Instant

    private var recorder: FindingRecorder { FindingRecorder(session: session, now: now) }

    /// Records that `finding` is true now. It is told when it was not true before.
    @discardableResult
    func open(_ finding: Finding) throws -> [Int64] {
        try NoticeWriter(session: session, plan: plan, now: now).tell(recorder.open(finding))
    }

    /// Records that a finding which may be open already has become another one: what was told of it is superseded, and it
    /// is told anew.
    func change(to finding: Finding) throws -> [Int64] {
        try recorder.beginAnew(finding)
        return try open(finding)
    }

    /// Records that a finding is true no longer, if it ever was.
    @discardableResult
    func close(registration: String, code: FindingCode, place: String) throws -> [Int64] {
        try recorder.close(FindingTable.Key(registration: registration, code: code, place: place))
    }
}

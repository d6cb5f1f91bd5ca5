import CertificateDecoding
import Dispatch
import Synchronization

/// Decodes the PEM files of a batch on two threads: a helper's while the scan reads on, and the scan's own once all is read.
///
/// It belongs to the scan's thread, which alone calls it.
final class ParallelDecoding {
    /// A larger file is left to the scan's thread: several at once would take much memory.
    private static let fileLimit = 1 << 20
    /// So much is one job, some 50 files.
    private static let jobBytes = 1 << 16

    /// Some files, one after the other.
    ///
    /// `@unchecked Sendable` because the scan's thread fills it, then one thread decodes it, and the scan's thread reads it after
    /// both have ended.
    private final class Job: @unchecked Sendable {
        struct File {
            /// The index of its event in the batch.
            let event: Int
            let range: Range<Int>
            var container = DecodedContainer()
        }

        var bytes: [UInt8] = []
        var files: [File] = []

        func decode(by decoder: CertificateDecoder) {
            for index in files.indices {
                files[index].container = decoder.decode(bytes.span.extracting(files[index].range))
            }
        }

        func foreignContent(of file: File) -> ForeignContent? {
            guard file.container == DecodedContainer() else { return nil }
            let bytes = bytes
            return ForeignContent(of: bytes.span.extracting(file.range))
        }
    }

    /// `@unchecked Sendable` because nothing but the helper's thread uses the decoder.
    private final class Helper: @unchecked Sendable {
        private let decoder: CertificateDecoder
        private let waiting: Mutex<(jobs: ArraySlice<Job>, isHelping: Bool)> = Mutex(([], false))
        private let queue = DispatchQueue(label: "notafter.decoding")
        private let group = DispatchGroup()

        init(_ decoder: CertificateDecoder) {
            self.decoder = decoder
        }

        /// Decodes the job sooner or later, on the helper's thread unless it is taken back.
        func submit(_ job: Job) {
            let isIdle = waiting.withLock { waiting in
                waiting.jobs.append(job)
                defer { waiting.isHelping = true }
                return !waiting.isHelping
            }
            guard isIdle else { return }
            queue.async(group: group) { [self] in
                while let job = next() { job.decode(by: decoder) }
            }
        }

        /// The job that waits for longest; without any the helper stops.
        private func next() -> Job? {
            waiting.withLock { waiting in
                guard let job = waiting.jobs.popFirst() else {
                    waiting = ([], false)
                    return nil
                }
                return job
            }
        }

        /// A job that has not been begun.
        func takeBack() -> Job? { waiting.withLock { $0.jobs.popLast() } }

        func wait() { group.wait() }
    }

    private let helper: Helper
    private var jobs: [Job] = []
    private var current = Job()
    /// How much has been taken in since the last batch.
    private(set) var bytes = 0

    /// - Parameter decoder: of the helper's thread, and of nothing else.
    init(_ decoder: CertificateDecoder) {
        helper = Helper(decoder)
    }

    /// Takes in a file's content, if it is one that names no other files and has no passphrase.
    ///
    /// - Parameters:
    ///   - content: what the file holds; it is copied.
    ///   - event: the index of the file's event in the batch.
    /// - Returns: false for what is left to the caller.
    func take(_ content: Span<UInt8>, event: Int) -> Bool {
        guard content.count <= Self.fileLimit, CertificateDecoder.beginsAsPEM(content) else { return false }
        let start = current.bytes.count
        content.withUnsafeBufferPointer { current.bytes.append(contentsOf: $0) }
        current.files.append(Job.File(event: event, range: start..<current.bytes.count))
        bytes += content.count
        if current.bytes.count >= Self.jobBytes { submit() }
        return true
    }

    private func submit() {
        jobs.append(current)
        helper.submit(current)
        current = Job()
        current.bytes.reserveCapacity(Self.jobBytes + Self.jobBytes / 4)
    }

    /// Decodes what is left, and waits for the helper. `body` is given each file's event and container, and of what holds
    /// nothing, what it is instead.
    func finish(by decoder: CertificateDecoder, _ body: (Int, DecodedContainer, ForeignContent?) -> Void) {
        current.decode(by: decoder)
        while let job = helper.takeBack() { job.decode(by: decoder) }
        helper.wait()
        for job in jobs + [current] {
            for file in job.files { body(file.event, file.container, job.foreignContent(of: file)) }
        }
        (jobs, current, bytes) = ([], Job(), 0)
    }
}

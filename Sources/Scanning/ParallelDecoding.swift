import CertificateDecoding
import Dispatch
import Synchronization

/// Decodes the PEM files of a batch on two threads: on a helper's thread while the scan continues to read, and on the
/// scan's own thread after that.
///
/// Only the scan's thread may call it.
final class ParallelDecoding {
    /// Larger files are decoded on the scan's thread, since several at once would need much memory.
    private static let fileLimit = 1 << 20
    /// The size of one job, some 50 files.
    private static let jobBytes = 1 << 16

    /// Some files, one after the other.
    ///
    /// `@unchecked Sendable` because the scan's thread fills it, then one thread decodes it, and the scan's thread
    /// reads it after both have ended.
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

    /// `@unchecked Sendable` because only the helper's thread uses the decoder.
    private final class Helper: @unchecked Sendable {
        private let decoder: CertificateDecoder
        private let waiting: Mutex<(jobs: ArraySlice<Job>, isHelping: Bool)> = Mutex(([], false))
        private let queue = DispatchQueue(label: "notafter.decoding")
        private let group = DispatchGroup()

        init(_ decoder: CertificateDecoder) {
            self.decoder = decoder
        }

        /// Queues the job for the helper's thread. It can be taken back until it begins.
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

        /// The oldest job. Without one, the helper stops.
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
    /// The number of bytes that were taken since the last batch.
    private(set) var bytes = 0

    /// - Parameter decoder: a decoder that only the helper's thread uses.
    init(_ decoder: CertificateDecoder) {
        helper = Helper(decoder)
    }

    /// Takes a file's content if it is PEM, which names no other files.
    ///
    /// - Parameters:
    ///   - content: the file's content, which is copied.
    ///   - event: the index of the file's event in the batch.
    /// - Returns: false if the caller must decode the file.
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

    /// Decodes the remaining jobs and waits for the helper. `body` receives each file's event and container, and for a
    /// file without certificates the kind of its content.
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

import Certificates
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Reports which sources may have changed, as the kernel notices it (inotify(7)).
///
/// It is an addition to scans at an interval and no replacement: the kernel reports nothing of changes that another
/// host makes on a network file system, of a file behind a link out of a directory, or beyond its limit of watches.
package final class FileChanges: Sendable {
    /// The names in a directory that matter to a source.
    fileprivate enum Names {
        case all
        case only(Set<[UInt8]>)
    }

    /// A directory's part in the sources.
    fileprivate struct Watch {
        let path: FilePath
        var names: [FileSource: Names] = [:]
    }

    fileprivate struct State {
        var watches: [Int32: Watch] = [:]
    }

    /// What `watch` achieved.
    package struct Coverage: Hashable, Sendable {
        /// The number of watched directories.
        package var directories = 0
        /// The sources with directories that are not watched, because there are too many, or the kernel refused.
        package var partial: Set<FileSource> = []
    }

    /// What changes a directory's entries or the content of a file: a file is read once its writer has closed it.
    private static let mask =
        UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO) | UInt32(IN_CREATE) | UInt32(IN_DELETE)
        | UInt32(IN_ATTRIB) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)
    /// Half of what most systems allow a user (fs.inotify.max_user_watches).
    private static let mostDirectories = 4_096

    /// The sources that may have changed, in the order of the changes.
    package let changes: AsyncStream<Set<FileSource>>

    private let inbox: AsyncStream<Set<FileSource>>.Continuation
    private let descriptor: Int32
    private let ignored: [FilePath]
    private let queue = DispatchQueue(label: "notafter.file-changes")
    private let reader: any DispatchSourceRead
    private let state = Mutex(State())

    /// Fails if the kernel has no inotify instance for us.
    ///
    /// - Parameter ignored: files whose changes are never reported, such as those that this process writes.
    package init?(ignoring ignored: [FilePath]) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.ignored = ignored
        (changes, inbox) = AsyncStream.makeStream(of: Set<FileSource>.self)
        reader = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        reader.setCancelHandler { close(descriptor) }
        reader.setEventHandler { [weak self] in self?.read() }
        reader.activate()
    }

    deinit {
        reader.cancel()
        inbox.finish()
    }

    /// Watches the directories of `sources` from now on, and no others. Call it before each scan of them: what changes
    /// later is reported, and what has changed before is found by the scan.
    package func watch(_ sources: [FileSource]) async -> Coverage {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.renew(sources)) }
        }
    }

    private func renew(_ sources: [FileSource]) -> Coverage {
        var coverage = Coverage()
        var watches: [Int32: Watch] = [:]
        for source in sources {
            let (directories, areAll) = source.watchedDirectories(limit: Self.mostDirectories - watches.count)
            if !areAll { coverage.partial.insert(source) }
            for directory in directories {
                let watch = directory.path.withSystemPath { inotify_add_watch(descriptor, $0, Self.mask) }
                guard watch >= 0 else {
                    // A directory that is missing is created in its parent, and one that we may not read is a defect
                    // of the scan.
                    if errno == ENOSPC || errno == ENOMEM { coverage.partial.insert(source) }
                    continue
                }
                watches[watch, default: Watch(path: directory.path)].note(directory.name, for: source)
            }
        }
        let former = state.withLock { state in
            defer { state.watches = watches }
            return state.watches
        }
        for watch in former.keys where watches[watch] == nil { inotify_rm_watch(descriptor, watch) }
        coverage.directories = watches.count
        return coverage
    }

    /// Reads all events that have happened.
    private func read() {
        var changed: Set<FileSource> = []
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            while case let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count), count > 0 {
                changed.formUnion(sources(in: UnsafeRawBufferPointer(rebasing: buffer[..<count])))
            }
        }
        if !changed.isEmpty { inbox.yield(changed) }
    }

    /// The sources that a sequence of `inotify_event` concerns.
    private func sources(in events: UnsafeRawBufferPointer) -> Set<FileSource> {
        let watches = state.withLock { $0.watches }
        var sources: Set<FileSource> = []
        var offset = 0
        while offset + MemoryLayout<inotify_event>.size <= events.count {
            let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let start = offset + MemoryLayout<inotify_event>.size
            offset = start + Int(event.len)
            guard offset <= events.count else { break }
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
                // Events were lost, so that everything may have changed.
                watches.values.forEach { sources.formUnion($0.names.keys) }
            } else if let watch = watches[event.wd] {
                // The kernel pads the name with NULs. An event of the directory itself has none.
                let name = Array(events[start..<offset].prefix { $0 != 0 })
                sources.formUnion(watch.sources(concernedBy: name, ignoring: ignored))
            }
        }
        return sources
    }
}

extension FileChanges.Watch {
    /// - Parameters:
    ///   - name: the only name that matters; nil for all names.
    ///   - source: the source to which it matters.
    mutating func note(_ name: [UInt8]?, for source: FileSource) {
        switch (name, names[source]) {
        case (nil, _), (_, .all): names[source] = .all
        case (let name?, .only(let others)): names[source] = .only(others.union([name]))
        case (let name?, nil): names[source] = .only([name])
        }
    }

    /// `name` is empty for a change of the directory itself.
    func sources(concernedBy name: [UInt8], ignoring ignored: [FilePath]) -> [FileSource] {
        guard !ignored.contains(path.appending(name)) else { return [] }
        return names.compactMap { source, names in
            switch names {
            case .all: source
            case .only(let names): name.isEmpty || names.contains(name) ? source : nil
            }
        }
    }
}

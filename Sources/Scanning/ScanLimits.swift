/// The limits of a scan.
package struct ScanLimits: Hashable, Sendable {
    /// A larger file is a defect.
    package var fileBytes: Int64 = 8 << 20
    /// Directories deeper than this below the root are a defect. Each level needs one descriptor.
    package var depth = 64
    /// A batch ends with the event that reaches this count.
    package var eventsPerBatch = 2_048
    /// A batch ends with the file that reaches this count.
    package var certificatesPerBatch = 2_048

    package init() {}
}

import Certificates

/// A time of a clock that cannot be set, for leases. A lease has expired when its machine has rebooted or when the boot
/// clock (CLOCK_BOOTTIME, which includes suspend) has passed its end.
package struct BootTime: Hashable, Sendable {
    /// `/proc/sys/kernel/random/boot_id`.
    package let bootID: String
    package let seconds: Int64

    package init(bootID: String, seconds: Int64) {
        self.bootID = bootID
        self.seconds = seconds
    }
}

/// The right to attempt one message until the lease expires.
package struct Claim: Hashable, Sendable {
    /// One notice in the message.
    struct Part: Hashable, Sendable {
        let deliveryID: Int64
        /// The number of this attempt at the delivery, from 1.
        let attempt: Int
    }

    /// Never empty.
    let parts: [Part]
    let messageRow: Int64
    package let receiver: String
    /// Identifies the lease at settlement.
    package let token: [UInt8]
    package let heldUntil: BootTime
    /// Whether an earlier attempt may have reached the receiver.
    package let mayBeDuplicate: Bool
    /// How often in a row the receiver's gate had closed; 0 while it is open.
    package let gateClosings: Int
    /// The notices in the message: one, or several in a digest. Never empty.
    package let identities: [NoticeIdentity]
    /// Frozen at the first attempt.
    package let message: FrozenMessage

    /// The bytes that this attempt sends.
    package var body: [UInt8] { mayBeDuplicate ? message.repeatBody ?? message.body : message.body }

    /// The number of this attempt, from 1.
    package var attempt: Int { parts.map(\.attempt).max() ?? 1 }

    /// Whether the lease is still valid. Check it right before sending.
    package func isHeld(at boot: BootTime) -> Bool {
        boot.bootID == heldUntil.bootID && boot.seconds <= heldUntil.seconds
    }
}

/// The facts that identify a notice. They are the same after a crash, after a restore, and on another node.
package struct NoticeIdentity: Hashable, Sendable {
    package let subject: NoticeSubject
    package let kind: NoticeKind
    /// The stage in seconds before expiry; -1 for a notice without a stage.
    package let stage: Int64
    package let episode: Int64
    /// The number of a reminder of the stage; 0 for any other notice.
    package let repetition: Int64

    package init(subject: NoticeSubject, kind: NoticeKind, stage: Int64, episode: Int64, repetition: Int64 = 0) {
        self.subject = subject
        self.kind = kind
        self.stage = stage
        self.episode = episode
        self.repetition = repetition
    }
}

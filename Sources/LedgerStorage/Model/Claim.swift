import Certificates

/// Who claims and until when, in a clock that no one can set: a lease is over when its machine has rebooted or when
/// its boot clock (CLOCK_BOOTTIME, which goes on during suspend) has passed it.
package struct BootTime: Hashable, Sendable {
    /// `/proc/sys/kernel/random/boot_id`.
    package let bootID: String
    package let seconds: Int64

    package init(bootID: String, seconds: Int64) {
        self.bootID = bootID
        self.seconds = seconds
    }
}

/// The right to attempt one message, held until the lease is over.
package struct Claim: Hashable, Sendable {
    /// One notice that the message carries.
    struct Part: Hashable, Sendable {
        let deliveryID: Int64
        /// The number of this attempt among the delivery's, from 1.
        let attempt: Int
    }

    /// Never empty.
    let parts: [Part]
    let messageRow: Int64
    package let receiver: String
    /// Proves at settlement that the lease is still ours.
    package let token: [UInt8]
    package let heldUntil: BootTime
    /// Whether an earlier attempt may have reached the receiver.
    package let mayBeDuplicate: Bool
    /// How often in a row the receiver's gate had closed: 0 while it is open.
    package let gateClosings: Int
    /// What the message carries: several notices in a digest. Never empty.
    package let identities: [NoticeIdentity]
    /// Frozen at the first attempt.
    package let message: FrozenMessage

    /// The bytes that this attempt sends.
    package var body: [UInt8] { mayBeDuplicate ? message.repeatBody ?? message.body : message.body }

    /// The number of this attempt, from 1.
    package var attempt: Int { parts.map(\.attempt).max() ?? 1 }

    /// Whether the lease still holds: to be asked right before anything leaves.
    package func isHeld(at boot: BootTime) -> Bool {
        boot.bootID == heldUntil.bootID && boot.seconds <= heldUntil.seconds
    }
}

/// The facts that make a notice this notice: the same after a crash, a restore, or on another node.
package struct NoticeIdentity: Hashable, Sendable {
    package let subject: String
    package let kind: NoticeKind
    /// The stage in seconds before expiry; -1 for what is no stage.
    package let stage: Int64
    package let episode: Int64
    /// The number of a reminder of the stage; 0 for what is none.
    package let repetition: Int64

    package init(subject: String, kind: NoticeKind, stage: Int64, episode: Int64, repetition: Int64 = 0) {
        self.subject = subject
        self.kind = kind
        self.stage = stage
        self.episode = episode
        self.repetition = repetition
    }
}

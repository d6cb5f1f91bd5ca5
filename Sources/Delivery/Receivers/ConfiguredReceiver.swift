import Certificates
import ExpiryRules
import LedgerStorage
import Messages
import OpenSSLBinding

/// A configured destination of notices.
package struct ConfiguredReceiver: Sendable {
    package let name: String
    package let kind: ReceiverKind
    package let settings: ReceiverSettings
    package let language: Language
    package let template: MessageTemplate
    /// nil for a receiver without quiet hours.
    package let quiet: QuietHours?
    package let receiver: any Receiver

    /// - Returns: nil when `settings` lack a key that `kind` requires.
    package init?(
        name: String, kind: ReceiverKind, settings: ReceiverSettings, language: Language = .english,
        template: MessageTemplate = .builtIn, quiet: QuietHours? = nil
    ) {
        guard let receiver = kind.type.init(settings) else { return nil }
        self.name = name
        self.kind = kind
        self.settings = settings
        self.language = language
        self.template = template
        self.quiet = quiet
        self.receiver = receiver
    }

    /// Writes the messages to this receiver.
    package var composer: MessageComposer {
        MessageComposer(receiver: name, language: language, markup: receiver.markup, template: template)
    }

    /// The message for `content` as bytes, which all attempts send.
    package func frozen(_ content: MessageContent, plan: WatchPlan) throws -> FrozenMessage {
        let message = try composer.message(content, plan: plan)
        return FrozenMessage(
            identifier: message.id, isMinimal: content.isMinimal, body: try receiver.body(for: message),
            repeatBody: receiver.marksRepeats ? try receiver.body(for: composer.markedAsRepeat(message)) : nil)
    }

    /// The terms on which a message for this receiver is claimed.
    package var terms: ClaimTerms {
        ClaimTerms(
            // Twice as long as any attempt can take, so that an expired lease means that the sender crashed or hangs.
            lease: TimeSpan(seconds: 2 * receiver.longestAttempt.seconds),
            batching: kind.type.grouping.batching(settings), holdsUnknown: UnknownPolicy(settings) == .hold)
    }

    /// The terms at `now`, with the quiet hours that apply then.
    package func terms(at now: Instant) -> ClaimTerms {
        var terms = self.terms
        terms.quiet = quiet.flatMap { hours in hours.end(at: now).map { Quiet(severity: hours.severity, end: $0) } }
        return terms
    }

    /// Changes with the kind and the settings: a message that was refused may be accepted then.
    package func settingsDigest() throws -> [UInt8] {
        try SHA256().digest(Array(kind.rawValue.utf8) + (try settings.digest()))
    }
}

extension ConfiguredReceiver: Hashable {
    package static func == (left: ConfiguredReceiver, right: ConfiguredReceiver) -> Bool {
        left.name == right.name && left.kind == right.kind && left.settings == right.settings
            && left.language == right.language && left.template == right.template && left.quiet == right.quiet
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(kind)
        hasher.combine(settings)
    }
}

/// The registry of the kinds of receivers. Raw values are the keys of the configuration.
package enum ReceiverKind: String, Hashable, Sendable, CaseIterable {
    case webhook, alertmanager, slack, teams, discord, mattermost, telegram, ntfy, pagerduty, opsgenie, email, exec

    package var type: any Receiver.Type {
        switch self {
        case .webhook: WebhookReceiver.self
        case .alertmanager: AlertmanagerReceiver.self
        case .slack: SlackReceiver.self
        case .teams: TeamsReceiver.self
        case .discord: DiscordReceiver.self
        case .mattermost: MattermostReceiver.self
        case .telegram: TelegramReceiver.self
        case .ntfy: NtfyReceiver.self
        case .pagerduty: PagerDutyReceiver.self
        case .opsgenie: OpsgenieReceiver.self
        case .email: EmailReceiver.self
        case .exec: ExecReceiver.self
        }
    }

    /// All configuration keys of a receiver of this kind.
    package var keys: [SettingKey] { type.keys + type.grouping.keys + [UnknownPolicy.key] }
}

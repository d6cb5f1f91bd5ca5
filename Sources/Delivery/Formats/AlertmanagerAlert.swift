import Certificates
import LedgerStorage

/// An alert as Alertmanager has it: its labels are its identity.
struct AlertmanagerAlert: Codable, Hashable {
    var labels: [String: String]
    var annotations: [String: String]
    var startsAt: String
    /// nil while it fires and nobody has said for how long that is good.
    var endsAt: String?
    var isFiring: Bool

    /// The alerts of one message: what it opens, and what it ends.
    static func all(of message: Message) -> [AlertmanagerAlert] {
        guard message.members.isEmpty else { return message.members.flatMap(all) }
        let opened = message.incident.ongoing.map { [alert(of: $0, message, isFiring: true)] } ?? []
        let ended = message.incident.over.map { alert(of: $0, message, isFiring: false) }
        // A finding that has become another one may have the labels that it had: then it goes on, and must not end.
        return ended.reduce(into: opened) { alerts, alert in
            if !alerts.contains(where: { $0.labels == alert.labels }) { alerts.append(alert) }
        }
    }

    /// Labels are the trouble's, not the message's: the alert that is over has those with which it began.
    private static func alert(
        of trouble: Incident.Trouble, _ message: Message, isFiring: Bool
    ) -> AlertmanagerAlert {
        var labels = message.registration?.labels ?? [:]
        labels["alertname"] = name(of: message)
        labels["severity"] = trouble.severity.rawValue
        labels["registration"] = message.facts?.registration
        labels["owner"] = message.registration?.owner
        labels["threshold"] = trouble.stage?.description
        labels["role"] = message.registration?.role.rawValue
        if let certificate = message.facts?.certificate {
            labels["fingerprint"] = certificate.fingerprint.description
            labels["subject"] = LengthUnit.utf16.fitted(Markup.plain.escaped(certificate.name), 500)
        }
        if let list = message.facts?.object?.revocationList {
            labels["fingerprint"] = list.fingerprint.description
            labels["issuer"] = LengthUnit.utf16.fitted(Markup.plain.escaped(list.issuer), 500)
        }
        if let subject = message.facts.map({ NoticeSubject(text: $0.identity.subject) }), let code = subject.findingCode
        {
            labels["code"] = code.rawValue
            labels["place"] = LengthUnit.utf16.fitted(Markup.plain.escaped(subject.place ?? ""), 500)
        }
        return AlertmanagerAlert(
            labels: labels.filter { !$0.value.isEmpty },
            annotations: ["summary": message.title, "description": message.text, "notice_id": message.id],
            startsAt: message.occurredAt.description, endsAt: nil, isFiring: isFiring)
    }

    private static func name(of message: Message) -> String {
        switch message.type {
        case .certificateExpiring, .certificateExpired, .certificateRenewed, .certificateRemoved,
            .certificateWithdrawn:
            "CertificateExpiring"
        case .revocationListExpiring, .revocationListExpired, .revocationListRenewed, .revocationListRemoved,
            .revocationListWithdrawn:
            "RevocationListExpiring"
        case .registrationFinding, .registrationRecovered: "CertificateFinding"
        case .endpointFailing, .endpointRecovered: "EndpointFailing"
        case .digest: "NotafterDigest"
        case .summary: "NotafterSummary"
        case .test: "NotafterTest"
        }
    }
}

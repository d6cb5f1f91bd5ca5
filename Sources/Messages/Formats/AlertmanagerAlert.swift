import Certificates
import LedgerStorage

/// An alert of Alertmanager. Its labels are its identity.
package struct AlertmanagerAlert: Codable, Hashable {
    package var labels: [String: String]
    package var annotations: [String: String]
    package var startsAt: String
    package var isFiring: Bool

    /// The alerts that a message opens and those that it ends.
    package static func all(of message: Message) -> [AlertmanagerAlert] {
        guard message.members.isEmpty else { return message.members.flatMap(all) }
        let opened = message.incident.ongoing.map { [alert(of: $0, message, isFiring: true)] } ?? []
        let ended = message.incident.over.map { alert(of: $0, message, isFiring: false) }
        // A new finding can have the same labels as the one it follows. That alert goes on and must not end.
        return ended.reduce(into: opened) { alerts, alert in
            if !alerts.contains(where: { $0.labels == alert.labels }) { alerts.append(alert) }
        }
    }

    /// Severity and threshold come from the trouble, not from the message, so that an alert ends with the labels that
    /// it began with.
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
        if let subject = message.facts?.identity.subject, let code = subject.findingCode {
            labels["code"] = code.rawValue
            labels["place"] = LengthUnit.utf16.fitted(Markup.plain.escaped(subject.place ?? ""), 500)
        }
        return AlertmanagerAlert(
            labels: labels.filter { !$0.value.isEmpty },
            annotations: ["summary": message.title, "description": message.text, "notice_id": message.id],
            startsAt: message.occurredAt.description, isFiring: isFiring)
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

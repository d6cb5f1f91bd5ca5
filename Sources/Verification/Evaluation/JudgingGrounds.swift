import Certificates
import ExpiryRules

/// In which registrations the CAs and lists lie by which a registration's certificates are judged.
///
/// CAs are those of the registered issuer, and lists those that lie with it, here, or in an entry of lists for it. Without an
/// issuer nothing is known of who should have signed what, and no path and no list's signature is looked at.
package struct JudgingGrounds: Hashable, Sendable {
    /// Their CAs are trusted.
    package let anchors: [String]
    /// Their CAs may stand between.
    package let intermediates: [String]
    package let lists: [String]

    package init(of registration: Registration, in plan: WatchPlan) {
        guard let issuer = registration.issuer else {
            (anchors, intermediates, lists) = ([], [], [])
            return
        }
        let keepers = plan.registrations.filter { $0.role == .revocationList && $0.issuer == issuer }
        anchors = [issuer]
        intermediates = [registration.name]
        lists = [registration.name, issuer] + keepers.map(\.name)
    }
}

/// The certificates and lists that `JudgingGrounds` name, with their DER.
package struct JudgingEvidence: Sendable {
    package let anchors: [EncodedObject]
    package let intermediates: [EncodedObject]
    package let lists: [EncodedObject]

    package init(anchors: [EncodedObject] = [], intermediates: [EncodedObject] = [], lists: [EncodedObject] = []) {
        self.anchors = anchors
        self.intermediates = intermediates
        self.lists = lists
    }
}

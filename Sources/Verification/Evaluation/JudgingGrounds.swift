import Certificates
import ExpiryRules

/// In which registrations the CAs and lists lie by which a registration's certificates are judged.
///
/// CAs are those of the registered issuer. Lists are those that lie with it, here, or in an entry of lists that is for it or for
/// no issuer by name: the lists of other CAs there do no harm. Without an issuer no path is looked for. A list is then verified by a CA of its name that lies beside it or, where it lies in an entry
/// of lists, in any entry of a CA.
package struct JudgingGrounds: Hashable, Sendable {
    /// Their CAs are trusted.
    package let anchors: [String]
    /// Their CAs may stand between.
    package let intermediates: [String]
    /// Their CAs may have signed the registration's lists, besides the anchors.
    package let listAuthorities: [String]
    package let lists: [String]

    package init(of registration: Registration, in plan: WatchPlan) {
        let keepsLists = registration.role == .revocationList && registration.issuer == nil
        let authorities = keepsLists ? plan.registrations.filter { $0.role == .ca }.map(\.name) : []
        listAuthorities = [registration.name] + authorities
        guard let issuer = registration.issuer else {
            (anchors, intermediates, lists) = ([], [], [])
            return
        }
        let keepers = plan.registrations.filter { $0.role == .revocationList && ($0.issuer ?? issuer) == issuer }
        anchors = [issuer]
        intermediates = [registration.name]
        lists = [registration.name, issuer] + keepers.map(\.name)
    }
}

/// The certificates and lists that `JudgingGrounds` name, with their DER.
package struct JudgingEvidence: Sendable {
    package let anchors: [EncodedObject]
    package let intermediates: [EncodedObject]
    package let listAuthorities: [EncodedObject]
    package let lists: [EncodedObject]

    package init(
        anchors: [EncodedObject] = [], intermediates: [EncodedObject] = [], listAuthorities: [EncodedObject] = [],
        lists: [EncodedObject] = []
    ) {
        self.anchors = anchors
        self.intermediates = intermediates
        self.listAuthorities = listAuthorities
        self.lists = lists
    }
}

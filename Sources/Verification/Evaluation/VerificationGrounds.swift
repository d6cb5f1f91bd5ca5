import Certificates
import ExpiryRules

/// The registrations whose CAs and lists are used to verify the certificates of one registration.
///
/// The CAs are those of the registered issuer. The lists are in the registration itself, in the issuer's, or in an
/// entry of lists that is for this issuer or names none (lists of other CAs do no harm). Without an issuer no path is
/// verified. A list is then verified with a CA of the list's issuer name beside it, or, in an entry of lists, with one
/// in any entry of CAs.
package struct VerificationGrounds: Hashable, Sendable {
    /// The registrations of trusted CAs.
    package let anchors: [String]
    /// The registrations of CAs that a path may contain.
    package let intermediates: [String]
    /// The registrations of CAs that may have signed the registration's lists, in addition to the anchors.
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

/// The certificates and lists of the registrations in `VerificationGrounds`, with their DER.
package struct VerificationEvidence: Sendable {
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

import Certificates

extension IssuerListing {
    init(acceptableAuthorities: [[UInt8]], issuers: [[UInt8]]) {
        if acceptableAuthorities.isEmpty || issuers.isEmpty {
            self = .notStated
        } else {
            self = issuers.contains(where: acceptableAuthorities.contains) ? .listed : .missing
        }
    }
}

import CertificateDecoding
import Certificates

extension DecodedContainer {
    /// What a registration of `role` watches in the container: the certificates in their order, then the revocation
    /// lists. An entry of `revocation_lists` watches only the lists; a CA in the same file is there for other readers.
    func sightings(for role: Role?) -> [Sighting] {
        (role == .revocationList ? [] : entries) + revocationLists.map { .read(.revocationList($0)) }
    }
}

extension Defect {
    /// The same defect, with the path at the start of its message.
    package func naming(_ path: FilePath) -> Defect {
        Defect(reason, "\(path): \(message)")
    }
}

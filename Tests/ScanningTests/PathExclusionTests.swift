import Certificates
import Scanning
import Testing

/// What a scan leaves out.
struct PathExclusionTests {
    @Test(arguments: [
        ("archive", "pki/archive", true), ("archive", "/srv/pki/archive", true), ("archive", "pki/archive2", false),
        ("archive", "pki/archive/a.pem", false), ("*.bak", "pki/a.bak", true), ("*.bak", "pki/a.bak.pem", false),
        ("old/*.pem", "/srv/old/a.pem", true), ("old/*.pem", "/srv/old/b/a.pem", false),
        ("old/**/*.pem", "/srv/old/b/a.pem", true), ("/srv/pki/old", "/srv/pki/old", true),
        ("/srv/pki/old", "/mnt/srv/pki/old", false), ("ol?", "pki/old", true), ("./archive", "./pki/./archive", true),
        ("..data", "pki/..data", true), ("**", "pki/..data/x", true), ("\\*", "pki/*", true), ("\\*", "pki/a", false),
    ])
    func `a pattern matches a name, the end of a path, or an absolute path`(
        pattern: String, path: String, isExcluded: Bool
    ) {
        #expect(PathExclusion([PathPattern(pattern)]).excludes(FilePath(path)) == isExcluded)
    }

    @Test(arguments: [
        ("/srv/pki/old/a.pem", true), ("/srv/pki/a.pem", false), ("/srv/pki/x/old/y/a.pem", true), ("/srv/pki", false),
    ])
    func `a file below an excluded directory is left out of a search`(path: String, isExcluded: Bool) {
        let exclusion = PathExclusion([PathPattern("old")]).adding(PathExclusion([PathPattern("pki")]))
        #expect(exclusion.excludes(FilePath(path), below: FilePath("/srv/pki")) == isExcluded)
    }

    @Test func `no pattern excludes nothing`() {
        #expect(PathExclusion.none.isEmpty && !PathExclusion.none.excludes(FilePath("a")))
    }
}

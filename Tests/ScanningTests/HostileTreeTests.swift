import Certificates
import Foundation
import Scanning
import TestSupport
import Testing

/// Directory trees that are made to stop, starve or mislead a scanner.
struct HostileTreeTests {
    private let directory: TemporaryDirectory
    private let certificate: IssuedCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try TestPKI.authority("Lab CA").certificate
        try directory.write(certificate.pem, to: "good.pem")
    }

    @Test func `a fifo is never opened, and nothing that is no regular file is`() throws {
        #expect(mkfifo(directory.path(of: "fifo.pem"), 0o600) == 0)
        try bindSocket("sock.pem")
        for (name, device) in [("zero.pem", "/dev/zero"), ("tty.pem", "/dev/tty"), ("random.pem", "/dev/random")] {
            try directory.link(name, to: device)
        }
        let result = try ScanRun(directory).scan()
        let names = ["fifo.pem", "sock.pem", "zero.pem", "tty.pem", "random.pem"]
        #expect(result.unreadable == Dictionary(uniqueKeysWithValues: names.map { ($0, .notRegularFile) }))
        #expect(result.read == ["good.pem": [certificate.fingerprint]])
    }

    private func bindSocket(_ name: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(directory.path(of: name).utf8)
        try #require(path.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    @Test func `links that lead nowhere or in a circle are defects`() throws {
        try directory.link("dangling.pem", to: "nowhere")
        try directory.link("loop.pem", to: "loop.pem")
        try directory.link("x.pem", to: "y.pem")
        try directory.link("y.pem", to: "x.pem")
        let result = try ScanRun(directory).scan()
        let names = ["dangling.pem", "loop.pem", "x.pem", "y.pem"]
        #expect(result.unreadable == Dictionary(uniqueKeysWithValues: names.map { ($0, .danglingLink) }))
        #expect(result.read.count == 1)
    }

    @Test func `links to directories lead neither in circles nor out of the root`() throws {
        try directory.write(certificate.pem, to: "d/in.pem")
        try directory.link("d/up", to: "..")
        try directory.link("d/self", to: ".")
        try directory.link("e", to: "d")
        try directory.link("escape", to: "/etc")
        let result = try ScanRun(directory).scan()
        #expect(result.read.keys.sorted() == ["d/in.pem", "good.pem"])
        #expect(result.unreadable == ["escape": .linkOutsideRoot])
    }

    @Test func `a file over the limit is not read, be it sparse or full`() throws {
        let handle = open(directory.path(of: "sparse.pem"), O_CREAT | O_WRONLY, 0o600)
        #expect(ftruncate(handle, 50 << 30) == 0)
        close(handle)
        try directory.write(certificate.pem + String(repeating: "\n", count: 5_000), to: "full.pem")
        var limits = ScanLimits()
        limits.fileBytes = 4_096
        let result = try ScanRun(directory, limits: limits).scan()
        #expect(result.unreadable == ["sparse.pem": .tooLarge, "full.pem": .tooLarge])
        #expect(result.read.count == 1)
    }

    @Test func `a file of exactly the limit is read whole`() throws {
        let text = certificate.pem + certificate.pem
        try directory.write(text, to: "two.pem")
        var limits = ScanLimits()
        limits.fileBytes = Int64(text.utf8.count)
        #expect(try ScanRun(directory, limits: limits).scan().read["two.pem"]?.count == 2)
    }

    @Test func `a tree that goes down for ever ends at the limit`() throws {
        let path = Array(repeating: "d", count: 70).joined(separator: "/")
        try directory.write(certificate.pem, to: path + "/end.pem")
        let result = try ScanRun(directory).scan()
        #expect(result.unreadable == [Array(repeating: "d", count: 65).joined(separator: "/"): .tooDeep])
        #expect(result.read.count == 1)
    }

    @Test func `one unreadable file costs no other`() throws {
        try directory.write(certificate.pem, to: "secret.pem")
        try directory.write("-----BEGIN CERTIFICATE-----\n", to: "broken.pem")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: directory.path(of: "secret.pem"))
        let run = try ScanRun(directory)
        let result = withoutPrivileges { run.scan() }
        #expect(result.unreadable == ["secret.pem": .permissionDenied])
        #expect(result.read == ["broken.pem": [], "good.pem": [certificate.fingerprint]])
    }

    @Test(arguments: [
        Array("new\nline.pem".utf8), Array("esc\u{1B}[2J.pem".utf8), Array("bad-".utf8) + [0xFF, 0xFE],
        Array("quote\"'<b>.pem".utf8), Array(" lead trail .pem".utf8), Array("-rf.pem".utf8), Array("%s%n.pem".utf8),
        Array("*.pem".utf8), Array("\\.pem".utf8), [UInt8](repeating: 0x6E, count: 255),
        Array("...".utf8.dropLast()) + [0x78],
    ])
    func `a name is bytes and nothing more`(name: [UInt8]) throws {
        let path = FilePath(directory.path).appending(name)
        let file = open((path.bytes + [0]).map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o600)
        try #require(file >= 0)
        let text = Array(certificate.pem.utf8)
        #expect(write(file, text, text.count) == text.count)
        close(file)
        let result = try ScanRun(directory).scan()
        // Names that begin with two dots belong to Kubernetes and are skipped.
        #expect(result.order.contains(path) == !name.starts(with: [0x2E, 0x2E]))
    }

    @Test func `a directory may look like a file`() throws {
        try directory.write(certificate.pem, to: "dir.pem/a.pem")
        #expect(try ScanRun(directory).scan().read.keys.sorted() == ["dir.pem/a.pem", "good.pem"])
        #expect(try ScanRun(directory, "*.pem").scan().read.keys.sorted() == ["good.pem"])
    }

    @Test func `many names for one file are many locations`() throws {
        for index in 0..<300 {
            #expect(link(directory.path(of: "good.pem"), directory.path(of: "\(index).pem")) == 0)
        }
        let result = try ScanRun(directory).scan()
        #expect(result.read.count == 301)
        #expect(Set(result.read.values) == [[certificate.fingerprint]])
    }
}

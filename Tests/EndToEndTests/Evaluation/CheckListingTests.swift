import Certificates
import Foundation
import TestSupport
import Testing

/// `check` lists what is not ok and counts the rest. Its memory does not grow with certificates that are ok.
struct CheckListingTests {
    private func site() throws -> Site {
        let site = try Site()
        for (name, daysLeft) in [("fine", 300), ("soon", 20), ("urgent", 5), ("gone", -2)] as [(String, Int64)] {
            try site.place(name, daysLeft: daysLeft)
        }
        return site
    }

    private func lines(_ outcome: NotafterProcess.Outcome) -> [String] {
        outcome.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [["pki"], ["--config", "notafter.yaml"]])
    func `what is ok is counted, and listed with --all`(target: [String]) async throws {
        let site = try site()
        let usual = try await site.run(["check"] + target + Site.at(day: 0))
        #expect(usual.status == 2)
        let summary = "CRITICAL - 4 certificates: 1 ok, 1 warning, 1 critical, 1 expired"
        #expect(lines(usual).first == summary)
        #expect(lines(usual).dropFirst().first == "  ok  1 not listed; --all lists them")
        #expect(!usual.output.contains("CN=fine"))
        let names = lines(usual).compactMap { $0.firstMatch(of: /CN=(\w+)/).map { String($0.1) } }
        #expect(names == ["soon", "urgent", "gone"])

        let all = try await site.run(["check", "--all"] + target + Site.at(day: 0))
        #expect(all.status == 2)
        #expect(lines(all).first == summary)
        #expect(!all.output.contains("not listed"))
        let everyone = lines(all).compactMap { $0.firstMatch(of: /CN=(\w+)/).map { String($0.1) } }
        #expect(everyone == ["fine", "soon", "urgent", "gone"])
    }

    @Test func `a certificate that shows twice has one line and counts once, with its places apart`() async throws {
        let site = try site()
        try FileManager.default.copyItem(
            atPath: site.directory.path(of: "pki/gone.pem"), toPath: site.directory.path(of: "pki/copy.pem"))
        let outcome = try await site.run(["check", "pki"] + Site.at(day: 0))
        #expect(
            lines(outcome).first == "CRITICAL - 4 certificates in 5 places: 1 ok, 1 warning, 1 critical, 1 expired")
        let all = try await site.run(["check", "--json", "pki"] + Site.at(day: 0))
        #expect(all.output.contains("\"distinct_certificates\" : 4") && all.output.contains("\"certificates\" : 5"))
        #expect(lines(outcome).filter { $0.contains("CN=gone") }.map { $0.hasSuffix("pki/copy.pem (+1)") } == [true])
    }

    @Test func `a finding lists a certificate whose dates are fine, unless it is ignored`() async throws {
        let site = try site()
        _ = try Trouble.weakKey.arrange(in: site)
        let outcome = try await site.run(["check", "cert.pem"] + Site.at(day: 0))
        #expect(outcome.status == 1)
        #expect(lines(outcome).contains { $0.hasPrefix("  warning") && $0.contains("(weak_key)") })
        let ignoring = try await site.run(["check", "cert.pem", "--ignore", "weak_key"] + Site.at(day: 0))
        #expect(ignoring.status == 0)
        #expect(ignoring.output.contains("1 not listed"))
        #expect(ignoring.output.contains("ignored  weak_key"))
    }

    @Test(arguments: [[], ["--all"], ["--json"]])
    func `certificates that share a serial number are found by the second look`(option: [String]) async throws {
        let site = try site()
        for name in ["first", "second"] {
            var template = CertificateTemplate(.client, commonName: name)
            template.serial = [0x11]
            template.notAfter = .at(Site.start + .days(300))
            try site.directory.write(try site.authority.issue(template).pem, to: "serials/\(name).pem")
        }
        let outcome = try await site.run(["check", "serials"] + option + Site.at(day: 0))
        #expect(outcome.status == 1, "\(outcome.output)")
        for name in ["first", "second"] { #expect(outcome.output.contains("CN=\(name)"), "\(outcome.output)") }
        #expect(outcome.output.contains("2 certificates of CN=Site CA have the serial number 11"))
        if option != ["--json"] { #expect(lines(outcome).first == "WARNING - 2 certificates: 2 warning; 1 finding") }
        if option.isEmpty {
            #expect(lines(outcome).filter { $0.contains("(duplicate_serial_number)") }.count == 2)
        }
    }

    @Test func `a list beside its CA is verified by it, wherever the CA lies`() async throws {
        let site = try site()
        let impostor = try TestPKI.authority("Site CA")
        try site.directory.write(site.authority.pem, to: "lists/z.pem")
        for (name, authority, status) in [("good", site.authority, 0), ("bad", impostor, 2)]
            as [(String, TestAuthority, Int32)]
        {
            try site.directory.write(
                try authority.revocationList(), to: "lists/a.crl")
            let outcome = try await site.run(["check", "lists"] + Site.at(day: 0))
            #expect(outcome.status == status, "\(name): \(outcome.output)")
            #expect(outcome.output.contains("list_signature_invalid") == (status == 2))
        }
    }

    /// Its peak memory in KiB, from the kernel's data about an ended child.
    private static let measuring = """
        import resource, subprocess, sys
        status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
        print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
        sys.exit(status)
        """

    /// Keeping 8,000 ok certificates with their DER would take 20 MiB. It keeps 8 bytes for each.
    @Test func `memory does not grow with the certificates that are ok`() async throws {
        let site = try Site()
        let seed = try site.certificate("device", daysLeft: 300)
        func peak(of count: Int) async throws -> Int {
            let directory = "fleet-\(count)"
            for start in stride(from: 0, to: count, by: 1_000) {
                let bundle = (start..<(start + 1_000)).map { seed.pem(renumbered: UInt32($0)) }.joined()
                try site.directory.write(bundle, to: "\(directory)/\(start).pem")
            }
            let outcome = try await site.run(
                ["check", directory] + Site.at(day: 0), wrapper: ["/usr/bin/python3", "-c", Self.measuring])
            #expect(outcome.output.isEmpty && outcome.status == 0, "\(outcome.errors)")
            return try #require(outcome.errors.split(separator: " ").last.flatMap { Int($0.dropLast()) })
        }
        let (small, large) = (try await peak(of: 2_000), try await peak(of: 10_000))
        #expect(large - small < 4 << 10, "\(small) KiB for 2,000, \(large) KiB for 10,000")
    }
}

extension IssuedCertificate {
    /// The same in PEM with other octets in the middle of its serial number, so that its signature does not verify.
    fileprivate func pem(renumbered number: UInt32) -> String {
        var der = der
        // The INTEGER after [0] with version 3. Its tag, length and first octet stay the same.
        guard let version = der.firstRange(of: [0xA0, 0x03, 0x02, 0x01, 0x02, 0x02]) else { return "" }
        withUnsafeBytes(of: number.bigEndian) { octets in
            for (offset, octet) in octets.enumerated() { der[version.upperBound + 2 + offset] = octet }
        }
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n"
    }
}

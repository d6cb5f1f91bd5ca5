// swift-tools-version: 6.3
import PackageDescription

// The levels of docs/architecture.md, lowest first: a target depends only on lower levels.
let package = Package(
    name: "notafter",
    products: [.executable(name: "notafter", targets: ["notafter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-async-algorithms.git", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        // Of Hummingbird's own dependencies, the parts whose types our channel handler names.
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        // Without the trait, SwiftPM keeps swift-configuration in the graph but does not apply the alias of its module below.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0",
            traits: ["ConfigurationSupport"]),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.0", traits: []),
    ],
    targets: [
        // Level 0: C libraries
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CAllocator"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // Level 1: bindings, and the basic types
        .target(name: "OpenSSLBinding", dependencies: ["COpenSSL"]),
        .target(name: "CurlBinding", dependencies: ["CCurl", "COpenSSL"]),
        .target(name: "AllocatorBinding", dependencies: ["CAllocator"]),
        .target(name: "Certificates"),

        // Level 2: decoding of files; decisions about certificates
        .target(name: "CertificateDecoding", dependencies: ["Certificates", "OpenSSLBinding"]),
        .target(name: "FileReading", dependencies: ["Certificates"]),
        .target(name: "ExpiryRules", dependencies: ["Certificates"]),

        // Level 3: verification, scanning, the ledger, TLS credentials
        .target(
            name: "Verification",
            dependencies: ["Certificates", "CertificateDecoding", "ExpiryRules", "OpenSSLBinding"]),
        .target(name: "Scanning", dependencies: ["Certificates", "CertificateDecoding"]),
        .target(
            name: "LedgerStorage",
            dependencies: [
                "Certificates", "ExpiryRules", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),

        .target(
            name: "TransportSecurity",
            dependencies: ["Certificates", "CertificateDecoding", "CurlBinding", "FileReading", "OpenSSLBinding"]),

        // Level 4: sources, endpoints, messages, discovery, metrics
        .target(
            name: "Probing",
            dependencies: [
                "Certificates", "CertificateDecoding", "CurlBinding", "ExpiryRules", "FileReading", "OpenSSLBinding",
                "TransportSecurity", "Verification",
            ]),
        .target(
            name: "Messages",
            dependencies: [
                "Certificates", "ExpiryRules", "FileReading", "LedgerStorage", "OpenSSLBinding",
                .product(name: "Mustache", package: "swift-mustache"),
            ]),

        .target(name: "Metrics", dependencies: ["Certificates", "ExpiryRules", "LedgerStorage"]),
        .target(
            name: "StatusPages",
            dependencies: [
                "Certificates", "ExpiryRules", "LedgerStorage", .product(name: "Mustache", package: "swift-mustache"),
            ]),
        .target(
            name: "EdgeLogs",
            dependencies: ["Certificates", "CertificateDecoding", "LedgerStorage", "OpenSSLBinding"]),
        .target(
            name: "SourceReading",
            dependencies: [
                "Certificates", "CertificateDecoding", "CurlBinding", "ExpiryRules", "LedgerStorage", "Scanning",
                "TransportSecurity", .product(name: "Subprocess", package: "swift-subprocess"),
            ]),

        .target(
            name: "Discovery",
            dependencies: [
                "Certificates", "CertificateDecoding", "FileReading", "Scanning", "Verification",
                .product(name: "Yams", package: "Yams"),
            ]),

        // Level 5: receivers
        .target(
            name: "Delivery",
            dependencies: [
                "Certificates", "ExpiryRules", "FileReading", "LedgerStorage", "CurlBinding", "Messages",
                "OpenSSLBinding", "TransportSecurity", .product(name: "Subprocess", package: "swift-subprocess"),
            ]),

        // Level 6: the configuration
        .target(
            name: "Configuration",
            dependencies: [
                "Certificates", "CertificateDecoding", "CurlBinding", "ExpiryRules", "FileReading", "OpenSSLBinding",
                "Scanning", "Messages", "TransportSecurity", "SourceReading", "Probing", "Delivery",
                .product(name: "Yams", package: "Yams"),
            ],
            // A link to the schema in config/, for `config schema` and the defaults of `config show`.
            resources: [.embedInCode("Effective/notafter.schema.json")]),

        // Level 7: passes and the daemon, and the listener
        .target(
            name: "StatusServer",
            dependencies: [
                "AllocatorBinding", "CertificateDecoding", "Certificates", "Configuration", "Delivery", "ExpiryRules",
                "LedgerStorage", "Metrics", "OpenSSLBinding", "StatusPages", "TransportSecurity",
                .product(
                    name: "Hummingbird", package: "hummingbird",
                    moduleAliases: ["Metrics": "SwiftMetrics", "Configuration": "SwiftConfiguration"]),
                .product(
                    name: "HummingbirdCore", package: "hummingbird",
                    moduleAliases: ["Configuration": "SwiftConfiguration"]),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Monitor",
            dependencies: [
                "AllocatorBinding", "Certificates", "CertificateDecoding", "ExpiryRules", "FileReading", "Scanning",
                "LedgerStorage",
                "EdgeLogs", "SourceReading", "Messages", "Probing", "Delivery", "Configuration", "CurlBinding",
                "OpenSSLBinding",
                "TransportSecurity", "Verification",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // Level 8: the command
        .executableTarget(
            name: "notafter",
            dependencies: [
                "Certificates", "CertificateDecoding", "ExpiryRules", "FileReading", "Scanning", "LedgerStorage",
                "CurlBinding", "OpenSSLBinding", "TransportSecurity", "Probing", "Messages", "Delivery", "Discovery",
                "Configuration", "EdgeLogs", "Metrics",
                "Monitor", "StatusServer", "Verification",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // A link to the package's configuration, which `init` replaces while it is as shipped.
            resources: [.embedInCode("Setup/shipped.yaml")]),

        // Tests mirror Sources
        .target(name: "IssuanceBinding", dependencies: ["COpenSSL"], path: "Tests/IssuanceBinding"),
        .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
        .target(name: "SpawnBinding", dependencies: ["CSpawn"], path: "Tests/SpawnBinding"),
        .target(
            name: "TestSupport", dependencies: ["Certificates", "IssuanceBinding", "SpawnBinding"],
            path: "Tests/TestSupport",
            exclude: [
                "connect_proxy.py", "go_server.go", "pseudo_terminal.py", "scripted_server.py", "smtp_server.py",
                "standard_webhooks_receiver.py", "terminal_capture.sh",
            ]),
        .testTarget(name: "CertificatesTests", dependencies: ["Certificates", "TestSupport"]),
        .testTarget(name: "CurlBindingTests", dependencies: ["CurlBinding", "TestSupport"]),
        .testTarget(name: "OpenSSLBindingTests", dependencies: ["OpenSSLBinding", "TestSupport"]),
        .testTarget(
            name: "CertificateDecodingTests",
            dependencies: ["Certificates", "CertificateDecoding", "OpenSSLBinding", "TestSupport", "Verification"]),
        .testTarget(
            name: "VerificationTests",
            dependencies: [
                "Certificates", "CertificateDecoding", "ExpiryRules", "OpenSSLBinding", "TestSupport", "Verification",
            ]),
        .testTarget(name: "ExpiryRulesTests", dependencies: ["Certificates", "ExpiryRules", "TestSupport"]),
        .testTarget(
            name: "ScanningTests", dependencies: ["Certificates", "CertificateDecoding", "Scanning", "TestSupport"]),
        .testTarget(
            name: "LedgerStorageTests", dependencies: ["Certificates", "ExpiryRules", "LedgerStorage", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ProbingTests",
            dependencies: ["Certificates", "CurlBinding", "TransportSecurity", "Probing", "TestSupport"]),
        .target(
            name: "MessageSamples", dependencies: ["Certificates", "ExpiryRules", "LedgerStorage", "TestSupport"],
            path: "Tests/MessageSamples"),
        .testTarget(
            name: "MessagesTests",
            dependencies: [
                "Certificates", "ExpiryRules", "LedgerStorage", "Messages", "MessageSamples", "TestSupport",
            ]),
        .testTarget(
            name: "DeliveryTests",
            dependencies: [
                "Certificates", "ExpiryRules", "LedgerStorage", "CurlBinding", "TransportSecurity", "Messages",
                "MessageSamples", "Delivery", "TestSupport",
            ]),
        .testTarget(
            name: "EdgeLogsTests",
            dependencies: [
                "Certificates", "CertificateDecoding", "EdgeLogs", "ExpiryRules", "LedgerStorage", "TestSupport",
            ]),
        .testTarget(
            name: "MetricsTests",
            dependencies: ["Certificates", "ExpiryRules", "LedgerStorage", "Metrics", "TestSupport"]),
        .testTarget(
            name: "StatusServerTests",
            dependencies: [
                "Certificates", "Configuration", "CurlBinding", "LedgerStorage", "Metrics", "StatusPages",
                "StatusServer", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .testTarget(
            name: "StatusPagesTests",
            dependencies: ["Certificates", "ExpiryRules", "LedgerStorage", "StatusPages", "TestSupport"],
            exclude: ["html_check.py"]),
        .testTarget(
            name: "SourceReadingTests",
            dependencies: ["Certificates", "CurlBinding", "TransportSecurity", "SourceReading", "TestSupport"]),
        .testTarget(
            name: "DiscoveryTests",
            dependencies: [
                "Certificates", "CertificateDecoding", "Configuration", "Discovery", "Scanning", "TestSupport",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "Certificates", "ExpiryRules", "Scanning", "TransportSecurity", "Probing", "Messages", "Delivery",
                "Configuration", "TestSupport",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "MonitorTests",
            dependencies: [
                "Certificates", "CertificateDecoding", "ExpiryRules", "CurlBinding", "TransportSecurity",
                "EdgeLogs", "SourceReading", "LedgerStorage", "Probing", "Delivery", "Configuration", "Monitor",
                "Scanning", "TestSupport",
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "notafter", "Certificates", "Delivery", "LedgerStorage", "Messages", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Captured", "Inspected"]),
    ],
    swiftLanguageModes: [.v6]
)

// `make check` sets this. Warnings are errors in the checks only, not in the builds of users.
if Context.environment["NOTAFTER_STRICT"] == "1" {
    for target in package.targets where target.type != .system {
        target.swiftSettings = [.unsafeFlags(["-warnings-as-errors"])]
    }
}

// `make sanitize` sets this, to build only what its tests need.
if Context.environment["NOTAFTER_SANITIZE"] == "1" {
    let kept = [
        "COpenSSL", "OpenSSLBinding", "Certificates", "CertificateDecoding", "ExpiryRules", "FileReading", "Scanning",
        "Verification", "IssuanceBinding", "CSpawn", "SpawnBinding", "TestSupport", "OpenSSLBindingTests",
        "CertificatesTests", "CertificateDecodingTests", "ScanningTests", "VerificationTests",
    ]
    package.products = []
    package.dependencies = []
    package.targets = package.targets.filter { kept.contains($0.name) }
}

// `make fuzz` sets this. The target has no `main`, since libFuzzer provides it.
if Context.environment["NOTAFTER_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "FuzzDecoding", dependencies: ["Certificates", "CertificateDecoding", "Verification"],
            path: "Fuzz/Decoding",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}

// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target: Swift 6, explicit `any`, imports private by default, warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A room of the house: a folder of `Sources` with the strict settings.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// A program.
func executable(_ name: String, at path: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

/// The tests of one room.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// A C library of the system: a module map and one `shim.h`.
func door(_ name: String, pkgConfig: String? = nil, _ package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "groundswell",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "groundswell", targets: ["groundswell"]),
        .executable(name: "loadtest", targets: ["loadtest"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.11.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0: C doors. A module map and one header each, no logic.
        door("CCurl", pkgConfig: "libcurl", "libcurl4-openssl-dev"),
        door("CHiredis", "libhiredis-dev"),
        door("CLibPQ", pkgConfig: "libpq", "libpq-dev"),
        door("COpenBLAS", pkgConfig: "openblas", "libopenblas-dev"),
        door("CZlib", pkgConfig: "zlib", "zlib1g-dev"),
        door("CZstd", pkgConfig: "libzstd", "libzstd-dev"),

        // Floor 0: kernels. Plain C for the processor's vector units, chosen at run time; always optimised.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math"])]),

        // Floor 0: a C++ library behind a C function.
        .target(
            name: "CCLD2", cxxSettings: [.unsafeFlags(["-O2"])], linkerSettings: [.linkedLibrary("cld2")]),

        // Floor 1: pure.
        room("Domain"),
        room("Languages", ["CCLD2"]),
        room("Neural", ["CKernels", "COpenBLAS"]),
        room("Sketches"),
        room("Subwords"),

        // Floor 2: pure.
        room("Anomalies", ["Domain", "Neural"]),
        room("Charts", ["CZlib", "Domain"]),
        room("Monitors", ["Anomalies", "Domain", yams]),
        room("Text", ["Domain", "Neural", "Subwords"]),
        room(
            "Trends", ["Domain", "Sketches", crypto, protobuf], exclude: ["Wire/generate.sh", "Wire/partial.proto"]),

        // Floor 2: doors.
        room("Compression", ["CZstd"]),
        room("LocalServers"),
        room("Postgres", ["CLibPQ"]),
        room("Redis", ["CHiredis", logging, nioCore, nioPosix, nioSSL]),
        room("Telemetry", [logging, metrics, nioCore, nioHTTP1, nioPosix]),
        room("Web", ["CCurl"]),

        // Floor 3: rooms.
        room("Catalogue", ["CZlib", "LocalServers", "Subwords", "Web", crypto]),
        room("Feeds", ["CZlib", "CZstd", "Compression", "Domain", "Sketches"]),
        room("Queue", ["Domain", "Redis", logging]),
        room("Readings", ["Domain", "Languages", "Text"]),
        room("Store", ["Anomalies", "Domain", "Postgres", "Sketches", "Trends", logging]),
        room("Training", ["Anomalies", "Domain", "Neural", "Subwords", "Text"]),

        // Floor 4: roles. They meet in records inside Redis and PostgreSQL, never in code.
        room("Coordinator", ["Domain", "Feeds", "Monitors", "Queue", "Store", "Telemetry", lifecycle, logging]),
        room(
            "Delivery",
            [
                "Anomalies", "Domain", "Monitors", "Store", "Telemetry", "Web", crypto, lifecycle, logging, yams,
            ]),
        room(
            "Live",
            [
                "Compression", "Domain", "Feeds", "Monitors", "Store", "Telemetry", crypto, httpTypes, hummingbird,
                hummingbirdCore, lifecycle, logging, nioCore,
            ]),
        room("Reducer", ["Compression", "Domain", "Queue", "Store", "Telemetry", "Trends", lifecycle, logging]),
        room(
            "Worker",
            [
                "Anomalies", "Compression", "Domain", "Feeds", "LocalServers", "Monitors", "Neural", "Queue",
                "Readings",
                "Sketches", "Store", "Telemetry", "Text", "Trends", lifecycle, logging,
            ]),

        // Floor 5: the doors that people use.
        executable(
            "groundswell", at: "Sources/groundswell",
            [
                "Anomalies", "Catalogue", "Charts", "Coordinator", "Delivery", "Domain", "Feeds", "Languages", "Live",
                "LocalServers",
                "Monitors", "Neural", "Queue", "Readings",
                "Redis", "Reducer",
                "Sketches", "Store", "Telemetry", "Text", "Training", "Trends", "Web", "Worker", argumentParser,
                configuration, lifecycle, logging, unixSignals,
            ]),
        .target(name: "Generator", dependencies: ["Domain"], path: "loadtest/Generator", swiftSettings: strict),
        .target(
            name: "Chaos",
            dependencies: [
                "Domain", "Generator", "LocalServers", "Redis", "Store", "Trends", logging, nioCore, nioPosix,
            ],
            path: "loadtest/Chaos", swiftSettings: strict),
        executable(
            "loadtest", at: "loadtest/Commands",
            [
                "Anomalies", "Chaos", "Domain", "Feeds", "Generator", "Languages", "LocalServers", "Neural", "Queue",
                "Readings", "Redis",
                "Store", "Subwords", "Text", "Training", "Trends", "Web",
                argumentParser, crypto, httpTypes, hummingbird, logging,
            ]),

        // Tests. `Harness` starts private servers for them.
        .target(
            name: "Harness", dependencies: ["LocalServers", "Neural"], path: "Tests/Harness", swiftSettings: strict),
        tests("Anomalies", ["Anomalies", "Domain", "Harness", "Neural"]),
        tests("Catalogue", ["CZlib", "Catalogue", "Harness", "Web"]),
        tests(
            "Cluster",
            ["Chaos", "Domain", "Generator", "Harness", "LocalServers", "Queue", "Redis", "Web", "groundswell"]),
        tests(
            "Command",
            ["Anomalies", "Charts", "Domain", "Harness", "Store", "Text", "Training", "groundswell", argumentParser]),
        tests("Charts", ["CZlib", "Charts", "Harness"]),
        tests("Compression", ["Compression", "Harness"]),
        tests("Coordinator", ["Coordinator", "Domain", "Harness", "Postgres", "Queue", "Redis", "Store", logging]),
        tests(
            "Delivery",
            [
                "Anomalies", "Delivery", "Domain", "Harness", "LocalServers", "Postgres", "Store", "Web", "groundswell",
                crypto, lifecycle, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]),
        tests("Domain", ["Domain", "Harness"]),
        tests("Feeds", ["CZlib", "Compression", "Domain", "Feeds", "Harness"]),
        tests("Generator", ["Domain", "Generator"]),
        tests("Languages", ["Harness", "Languages"]),
        tests(
            "Live",
            ["Compression", "Domain", "Harness", "Live", "Monitors", "Store", "Trends", "Web", lifecycle, logging]),
        tests("LocalServers", ["Harness", "LocalServers"]),
        tests(
            "Model",
            [
                "Coordinator", "Domain", "Harness", "LocalServers", "Postgres", "Queue", "Redis", "Sketches", "Store",
                "Trends", logging,
            ]),
        tests("Monitors", ["Anomalies", "Domain", "Harness", "Monitors"]),
        tests("Neural", ["CKernels", "Harness", "Neural", "Subwords"]),
        tests("Postgres", ["Harness", "LocalServers", "Postgres"]),
        tests("Queue", ["Domain", "Harness", "LocalServers", "Queue", "Redis", logging]),
        tests("Readings", ["Domain", "Harness", "Languages", "Readings", "Text"]),
        tests("Redis", ["Harness", "LocalServers", "Redis", logging]),
        tests("Sketches", ["Harness", "Sketches"]),
        tests(
            "Store",
            [
                "Domain", "Harness", "LocalServers", "Postgres", "Sketches", "Store", "Training", "Trends", logging,
            ]),
        tests("Subwords", ["Harness", "LocalServers", "Subwords"], exclude: ["Fixtures"]),
        tests("Telemetry", ["Telemetry", "Web", logging, metrics]),
        tests("Text", ["Domain", "Harness", "Neural", "Subwords", "Text"]),
        tests("Tidy", []),
        tests("Training", ["Anomalies", "Domain", "Harness", "Neural", "Subwords", "Text", "Training"]),
        tests(
            "Worker",
            [
                "Anomalies", "Compression", "Domain", "Feeds", "Generator", "Harness", "Monitors", "Neural", "Readings",
                "Store", "Text", "Trends", "Worker", "groundswell", logging,
            ]),
        tests("Trends", ["Domain", "Harness", "Sketches", "Trends", crypto, protobuf]),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// Parser and server under libFuzzer and AddressSanitizer: built by scripts/fuzz alone, never by a build of the project. The
/// sources are the project's own, by symbolic links, since only a root package may ask for such flags.
let watched: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

let package = Package(
  name: "rostrum-fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle"),
    .target(name: "Corpus", dependencies: ["CNettle"], swiftSettings: watched),
    .target(name: "Interchange", dependencies: ["Corpus", "CLibXML2"], swiftSettings: watched),
    .target(name: "Locking", swiftSettings: watched),
    .target(
      name: "HTTP",
      dependencies: [
        "CEpoll", "Locking", .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: watched),
    .target(name: "Driver", swiftSettings: watched),
    .executableTarget(name: "Documents", dependencies: ["Driver", "Interchange", "Corpus"], swiftSettings: watched),
    .executableTarget(name: "Requests", dependencies: ["Driver", "HTTP"], swiftSettings: watched),
    .executableTarget(name: "Chunks", dependencies: ["Driver", "HTTP"], swiftSettings: watched),
    .executableTarget(name: "Targets", dependencies: ["Driver", "HTTP"], swiftSettings: watched),
    .executableTarget(name: "Answers", dependencies: ["Driver", "HTTP"], swiftSettings: watched),
    .executableTarget(name: "Fields", dependencies: ["Driver", "HTTP"], swiftSettings: watched),
  ]
)

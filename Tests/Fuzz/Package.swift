// swift-tools-version: 6.2
import PackageDescription

/// The parser under libFuzzer and AddressSanitizer: built by scripts/fuzz alone, never by a build of the project. The
/// sources are the project's own, by symbolic links, since only a root package may ask for such flags.
let watched: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-sanitize=fuzzer,address"]),
]

let package = Package(
  name: "rostrum-fuzz",
  dependencies: [.package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")],
  targets: [
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
    .target(
      name: "Corpus", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: watched),
    .target(name: "Interchange", dependencies: ["Corpus", "CLibXML2"], swiftSettings: watched),
    .executableTarget(name: "Fuzz", dependencies: ["Interchange", "Corpus"], swiftSettings: watched),
  ]
)

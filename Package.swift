// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is held to: imports stay internal unless said otherwise, so a public
/// function that mentions a type of a neighbour two arrows away does not compile.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "rostrum",
  products: [
    .executable(name: "rostrum", targets: ["CLI"]),
    // For the nested package Benchmarks, which measures the parser alone.
    .library(name: "Interchange", targets: ["Interchange"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
    .target(name: "Locking", swiftSettings: house),
    .target(
      name: "HTTP",
      dependencies: [
        "Locking", "CEpoll",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house),
    .target(name: "Corpus", dependencies: ["CNettle"], swiftSettings: house),
    .target(
      name: "Migrations",
      path: "migrations",
      resources: [
        .embedInCode("0001_canonical.sql"), .embedInCode("0002_derived.sql"), .embedInCode("0003_search.sql"),
        .embedInCode("0004_search_tokens.sql"),
        .embedInCode("0005_collections.sql"), .embedInCode("0006_families.sql"),
        .embedInCode("0007_purge.sql"), .embedInCode("0008_index_segments.sql"),
        .embedInCode("0009_checks.sql"),
      ],
      swiftSettings: house),
    .target(
      name: "Pages",
      path: "pages",
      resources: [
        .embedInCode("docs.html"), .embedInCode("docs.css"), .embedInCode("docs.js"), .embedInCode("try.js"),
      ],
      swiftSettings: house),
    .target(
      name: "Storage",
      dependencies: [
        "Corpus", "Locking", "Migrations",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: house),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Interchange", dependencies: ["Corpus", "CLibXML2"], swiftSettings: house),
    .target(
      name: "Service",
      dependencies: [
        "HTTP", "Storage", "Interchange", "Corpus", "Locking", "Pages", "CZlib",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CSQLite"),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "CMalloc", "CSQLite",
        "Service", "Storage", "Interchange", "Corpus", "Locking", "HTTP",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: house),
    .target(
      name: "TestSupport", dependencies: ["Corpus"], path: "Tests/TestSupport",
      swiftSettings: house),
    .executableTarget(
      name: "EchoServer",
      dependencies: [
        "HTTP",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/EchoServer", swiftSettings: house),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Locking", "TestSupport"], swiftSettings: house),
    .testTarget(name: "CorpusTests", dependencies: ["Corpus", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange", "Corpus", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "StorageTests",
      dependencies: [
        "Storage", "Corpus", "Locking", "Migrations", "TestSupport",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["Fixtures"],
      swiftSettings: house),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Service", "HTTP", "Storage", "Interchange", "Corpus", "Locking", "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house),
    .testTarget(
      name: "CLITests",
      dependencies: [
        "CLI", "Service", "HTTP", "Storage", "Interchange", "Corpus", "Locking", "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house),
  ]
)

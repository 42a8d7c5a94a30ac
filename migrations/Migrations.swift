/// The numbered SQL files of this folder, as data in the binary. A test holds this list against the folder.
public enum Migrations {
  /// A migration: its name is what a database remembers of it, so neither may change once released.
  public struct Migration: Sendable {
    /// Number and name, as the file has them.
    public let name: String
    /// The statements.
    public let sql: String

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      sql = String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Every migration, the first to be applied first.
  public static let all = [
    Migration("0001_canonical", PackageResources._001_canonical_sql),
    Migration("0002_derived", PackageResources._002_derived_sql),
    Migration("0003_search", PackageResources._003_search_sql),
    Migration("0004_search_tokens", PackageResources._004_search_tokens_sql),
    Migration("0005_collections", PackageResources._005_collections_sql),
    Migration("0006_families", PackageResources._006_families_sql),
    Migration("0007_purge", PackageResources._007_purge_sql),
    Migration("0008_index_segments", PackageResources._008_index_segments_sql),
    Migration("0009_checks", PackageResources._009_checks_sql),
  ]
}

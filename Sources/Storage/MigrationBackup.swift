import Migrations

/// The copy that is made of a database before its schema changes: beside it, `<database>.schema-0006-before-0007`.
enum MigrationBackup {
  /// Makes the copy; none where the schema stays, or where one of the same state is there from an attempt before.
  /// - Parameter schema: the last migration that the database had; nil for a new one.
  static func make(of path: String, schema: String?) throws -> Backup? {
    guard let schema, let next = Migrations.all.last?.name, schema != next else { return nil }
    let (from, to) = (schema.prefix { $0 != "_" }, next.prefix { $0 != "_" })
    do {
      let content = try DatabaseContent(of: path)
      var (target, number) = ("\(path).schema-\(from)-before-\(to)", 1)
      while FileSteps.size(of: target) != nil {
        // Only whole copies ever get such a name.
        if try DatabaseContent(of: target) == content { return nil }
        number += 1
        target = "\(path).schema-\(from)-before-\(to)-\(number)"
      }
      return try Backup.make(of: path, at: target)
    } catch let error as StorageError {
      throw StorageError.failed(
        "\(path) has schema \(from) and was left so, because the backup before it is brought to \(to) could not be made: "
          + "\(error) Make room, or set migration_backup to false.")
    }
  }
}

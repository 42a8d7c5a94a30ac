import ArgumentParser
import Corpus
import Foundation
import Service
import Storage

/// `rostrum collection`: named sets of speeches, as `/v1/collections` has them.
struct Collection: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists and edits collections: named sets of speeches.",
    discussion: "Editing needs the database for itself; while a server has it, send the same to /v1/collections.",
    subcommands: [List.self, Put.self, Remove.self], defaultSubcommand: List.self)

  /// `rostrum collection list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the collections: slug, number of speeches, title.")

    @OptionGroup var common: CommonOptions

    func run() throws {
      let store = try Store(reading: common.settings().text(.database))
      for (collection, speeches) in try CollectionRepository(store, read: SpeechCollection.filter).all().collections {
        print("\(collection.slug)\t\(speeches)\t\(collection.title)")
      }
    }
  }

  /// `rostrum collection put`.
  struct Put: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a collection, or puts another one in its place.",
      discussion: """
        rostrum collection put xinnian --title 新年贺词 --where genre=贺词
        rostrum collection put shouxuan --title 首选 --id d35ntcd9an8f --id 0v8b3c6kq2ma
        """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Its name in addresses: lower-case Latin letters, digits and hyphens.")
    var slug: String

    @Option(help: "Its name for people.")
    var title: String

    @Option(help: "A few words about it.")
    var description: String?

    @Option(name: .customLong("id"), help: "Id of a speech that belongs to it; once for each.")
    var ids: [String] = []

    @Option(
      name: .customLong("where"),
      help: "A parameter that lists of speeches take, NAME=VALUE; speeches that pass all of them belong to it.")
    var conditions: [String] = []

    func run() throws {
      var members: [JSONValue.Member] = [.init("title", .string(title))]
      if let description { members.append(.init("description", .string(description))) }
      if !ids.isEmpty { members.append(.init("ids", .array(ids.map(JSONValue.string)))) }
      if !conditions.isEmpty { members.append(.init("filter", .object(try filter()))) }
      let time = Timestamp.now
      let collection: SpeechCollection
      do {
        collection = try SpeechCollection(reading: JSONCursor(.object(members)), slug: slug, at: time)
      } catch let error as SchemaError {
        throw Failure(error.pointer.isEmpty ? error.message : "\(error.pointer.dropFirst()): \(error.message)")
      }
      let store = try common.settings().openedStore()
      let collections = CollectionRepository(store, read: SpeechCollection.filter)
      let (isNew, unknown) = try collections.put(collection)
      guard unknown.isEmpty else { throw Failure("There is no speech \(unknown.joined(separator: ", ")).") }
      let count = try collections.find(slug)?.speeches ?? 0
      try store.close()
      print("\(isNew ? "made" : "changed") \(slug): \(count) speeches")
    }

    private func filter() throws -> [JSONValue.Member] {
      var values: [(name: String, values: [JSONValue])] = []
      for condition in conditions {
        let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw Failure("--where “\(condition)” is not NAME=VALUE.") }
        if let known = values.firstIndex(where: { $0.name == parts[0] }) {
          values[known].values.append(.string(parts[1]))
        } else {
          values.append((parts[0], [.string(parts[1])]))
        }
      }
      return values.map { .init($0.name, $0.values.count == 1 ? $0.values[0] : .array($0.values)) }
    }
  }

  /// `rostrum collection remove`.
  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a collection away; its speeches stay.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Its slug.")
    var slug: String

    func run() throws {
      let store = try common.settings().openedStore()
      let isGone = try CollectionRepository(store, read: SpeechCollection.filter).remove(slug, at: Timestamp.now)
      try store.close()
      guard isGone else { throw Failure("There is no collection “\(slug)”.") }
    }
  }
}

import ArgumentParser
import GRDB
import Hummingbird

/// The peer: three endpoints of Rostrum on Hummingbird 2, GRDB and Codable, over the same database file.
@main
struct HummingbirdPeer: AsyncParsableCommand {
  @Option(help: "The database file; it is only read.")
  var database: String

  @Option(help: "Port to listen on.")
  var port = 8081

  func run() async throws {
    let speeches = SpeechStore(try DatabasePool(path: database, configuration: Self.configuration))
    let application = Application(
      router: Self.router(speeches),
      configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "hummingbird-peer"))
    try await application.runService()
  }

  /// As Rostrum opens the file, so that SQLite is the same on both sides.
  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.maximumReaderCount = 8
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -16000;")
    }
    return configuration
  }

  private static func router(_ speeches: SpeechStore) -> Router<BasicRequestContext> {
    let router = Router()
    router.get("/health") { _, _ in Health(status: "ok") }
    router.get("/v1/speeches/{id}") { _, context in
      let id = try context.parameters.require("id")
      guard let stored = try await speeches.speech(id) else { throw HTTPError(.notFound) }
      return SpeechAnswer(stored)
    }
    router.get("/v1/speeches/{id}/sections") { _, context in
      let id = try context.parameters.require("id")
      guard let outline = try await speeches.outline(id) else { throw HTTPError(.notFound) }
      return SectionList(outline)
    }
    return router
  }
}

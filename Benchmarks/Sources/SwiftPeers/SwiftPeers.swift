import ArgumentParser
import GRDB

/// What a Swift user would build instead: some endpoints of Rostrum on GRDB and Codable, over the same database file,
/// behind one of two servers.
@main
struct SwiftPeers: AsyncParsableCommand {
  enum ServerName: String, ExpressibleByArgument {
    case hummingbird, flyingfox
  }

  @Option(help: "The server: hummingbird or flyingfox.")
  var server: ServerName

  @Option(help: "The database file; it is only read.")
  var database: String

  @Option(help: "Port to listen on.")
  var port = 8081

  func run() async throws {
    let speeches = SpeechStore(try DatabasePool(path: database, configuration: Self.configuration))
    switch server {
    case .hummingbird: try await serveWithHummingbird(speeches, port: port)
    case .flyingfox: try await serveWithFlyingFox(speeches, port: port)
    }
  }

  /// Reads the file from memory, as one does who looks for speed.
  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.maximumReaderCount = 8
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -16000;")
    }
    return configuration
  }
}

import ArgumentParser
import Corpus
import Foundation
import HTTP
import Logging
import Service
import Storage

/// `rostrum serve`: opens the database, listens, and on SIGTERM or SIGINT answers what is in hand and ends.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Serves the corpus over HTTP.")

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "Address or name to listen on.")
  var host: String?

  @Option(name: .long, help: "Port to listen on; 0 for any that is free.")
  var port: String?

  @Option(name: .long, help: "Path of a Unix-domain socket to listen on instead of host and port.")
  var socket: String?

  @Option(name: .customLong("log-level"), help: "The least weighty messages that are logged.")
  var logLevel: String?

  func run() throws {
    Allocator.bound()
    let read: @Sendable () throws -> Settings = {
      [common, flags = [(Setting.host, host), (.port, port), (.socket, socket), (.logLevel, logLevel)]] in
      try common.settings(flags)
    }
    let settings = try read()
    let log = Log(
      form: Log.Form(rawValue: settings.text(.logForm)) ?? .text,
      level: Logger.Level(rawValue: settings.text(.logLevel)) ?? .info)
    LoggingSystem.bootstrap { log.handler(label: $0) }
    let logger = Logger(label: "rostrum")
    for (name, nearest) in Settings.unknownVariables(in: ProcessInfo.processInfo.environment) {
      logger.warning("the variable \(name) is none of ours\(nearest.map { "; \($0) is" } ?? "")")
    }

    let proxies = try Self.proxies(settings)
    let accessLog = try Self.accessLog(settings)
    let loops =
      settings.integer(.eventLoops) == 0 ? ProcessInfo.processInfo.activeProcessorCount : settings.integer(.eventLoops)
    let workers = settings.integer(.workers)
    // Every loop and every worker may hold a reader at the same time, and none of them shall wait for one.
    let store = try settings.openedStore(readers: loops + workers + 2, indexes: false)
    let upkeep = Upkeep(store, backups: try Self.backups(settings), logger: logger)
    let operations = try Token.store(settings)
    if let objection = store.objection { logger.error("nothing is written: \(objection)") }
    let language = try LanguageFiles.load(settings)
    if language.lexicon == nil || language.pinyin == nil {
      logger.notice("no lists of words and readings: sentences are searched as they are, names not found by pinyin")
    }
    let site = Site(
      store: store,
      options: .init(
        token: try Self.token(settings), operations: operations, isReadingOpen: settings.text(.reading) == "open",
        rates: Self.rates(settings),
        maximumDocumentBytes: settings.integer(.documentBytes),
        queryDeadline: Double(settings.integer(.queryDeadline)) / 1000, accessLog: accessLog, proxies: proxies,
        language: language, answerCacheBytes: settings.integer(.answerCache),
        publicAddress: try Self.publicAddress(settings), slowSeconds: Double(settings.integer(.slowQuery)) / 1000,
        leastFreeBytes: settings.integer(.leastFree), upkeep: upkeep),
      logger: logger)
    let server = Server(
      application: site, limits: Self.limits(settings), loops: loops, workers: workers, logger: logger)
    site.attach(server)

    // Before anything is accepted, so that a signal at any moment is a drain.
    let interruption = Interruption()
    let reloading = Reloading(
      from: settings, read: read, log: log, site: site, accessLog: accessLog, logger: logger)
    defer { withExtendedLifetime(reloading) {} }

    if !settings.text(.socket).isEmpty {
      try server.listen(unixSocket: settings.text(.socket), mode: settings.permissions(.socketMode))
      print("Rostrum \(Version.text) serves \(settings.text(.database)) at unix:\(settings.text(.socket))")
    } else {
      try listen(server, settings)
    }
    fflush(nil)
    upkeep.start()

    interruption.wait()
    logger.notice("draining: no new connections, \(server.connectionCount) to finish")
    server.drain()
    upkeep.stop()
    accessLog?.flush()
    try store.close()
    logger.notice("stopped")
  }

  /// Where each request is written: a file, standard output, or nowhere.
  private static func accessLog(_ settings: Settings) throws -> AccessLog? {
    let path = settings.text(.accessLogFile)
    do { if !path.isEmpty { return try AccessLog(path: path) } } catch { throw Failure("\(error)") }
    return settings.boolean(.accessLog) ? AccessLog(descriptor: STDOUT_FILENO) : nil
  }

  /// Listens on host and port, and says where.
  private func listen(_ server: Server, _ settings: Settings) throws {
    let addresses = try server.listen(host: settings.text(.host), port: settings.integer(.port))
    for address in addresses {
      // Programs that start the server wait for this line.
      print("Rostrum \(Version.text) serves \(settings.text(.database)) at http://\(address)/")
    }
    if let address = addresses.first {
      print("Worth opening:")
      // 群众 percent-encoded: as typed, curl would send bytes that are no URL.
      for path in ["/docs", "/v1/speeches?facets=genre,level,year", "/v1/search?q=%E7%BE%A4%E4%BC%97", "/openapi.json"]
      {
        print("  http://\(address)\(path)")
      }
    }
  }

  /// The plan of the settings for backups; nil for none.
  private static func backups(_ settings: Settings) throws -> Upkeep.BackupPlan? {
    let (path, hours) = (settings.text(.backupFolder), settings.integer(.backupHours))
    guard hours > 0 else { return nil }
    guard !path.isEmpty else {
      throw Failure("backup_folder: backup_every_hours is \(hours), so it has to name a folder.")
    }
    return Upkeep.BackupPlan(
      folder: BackupFolder(path, of: settings.text(.database)), hours: hours, keep: settings.integer(.backupKeep))
  }

  /// The address of the setting, without a slash at its end.
  private static func publicAddress(_ settings: Settings) throws -> String? {
    let text = settings.text(.publicURL)
    if text.isEmpty { return nil }
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme), !(url.host ?? "").isEmpty,
      url.query == nil, url.fragment == nil
    else { throw Failure("public_url: expected an address such as https://speeches.example.org, found “\(text)”.") }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// The token of the setting.
  private static func token(_ settings: Settings) throws -> String? {
    let text = settings.text(.token)
    // Whoever has it has to be able to send it.
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Failure("token: expected visible ASCII characters without spaces.")
    }
    return text.isEmpty ? nil : text
  }

  /// What one client may do.
  static func rates(_ settings: Settings) -> Rates {
    var rates = Rates()
    rates.reads = .init(perSecond: settings.integer(.readRate), burst: settings.integer(.readBurst))
    rates.heavy = .init(perSecond: settings.integer(.heavyRate), burst: settings.integer(.heavyBurst))
    rates.writes = .init(perSecond: settings.integer(.writeRate), burst: settings.integer(.writeBurst))
    rates.failedLogins = settings.integer(.failedLogins)
    rates.clients = settings.integer(.limitedClients)
    return rates
  }

  private static func proxies(_ settings: Settings) throws -> TrustedProxies {
    do { return try TrustedProxies(settings.text(.trustedProxies)) } catch {
      throw Failure("trusted_proxies: “\(error.text)” is neither an address, a prefix such as 10.0.0.0/8, nor unix.")
    }
  }

  /// The limits of the server as they are set; what is no setting has its default.
  static func limits(_ settings: Settings) -> Limits {
    var limits = Limits()
    limits.body = settings.integer(.documentBytes)
    limits.waitingRequests = settings.integer(.waitingRequests)
    if settings.integer(.connections) > 0 { limits.connections = settings.integer(.connections) }
    limits.requestsPerConnection = settings.integer(.requestsPerConnection)
    limits.requestLine = settings.integer(.requestLineBytes)
    limits.headerSection = settings.integer(.headerBytes)
    limits.fields = settings.integer(.headerFields)
    limits.bodyMemory = max(settings.integer(.bodyMemory), limits.body)
    limits.writeBuffer = settings.integer(.writeBuffer)
    limits.headerTime = settings.duration(.headerTime)
    limits.bodyGrace = settings.duration(.bodyGrace)
    limits.bodyRate = settings.integer(.bodyRate)
    limits.idleTime = settings.duration(.idleTime)
    limits.writeTime = settings.duration(.writeTime)
    limits.drainTime = settings.duration(.drainTime)
    return limits
  }
}

import Service

/// A setting: its name, its default and what it means, declared once for flags, variables, the file and the documents.
struct Setting: Sendable {
  /// What its values are.
  enum Kind: Sendable, Hashable {
    case text
    case integer(ClosedRange<Int>)
    case boolean
    case word([String])
    /// Permission bits of a file in octal digits.
    case permissions
  }

  /// The key in the file; the variable is `ROSTRUM_` and the key in capitals.
  let key: String
  let kind: Kind
  /// The default as it would be written in the file; empty for none.
  let defaultText: String
  /// One line.
  let summary: String

  /// The variable of the environment.
  var variable: String { "ROSTRUM_" + key.uppercased() }

  static let database = Setting(
    key: "database", kind: .text, defaultText: "rostrum.sqlite", summary: "The database file; made where there is none."
  )
  static let host = Setting(
    key: "host", kind: .text, defaultText: "127.0.0.1", summary: "Address or name to listen on; :: and 0.0.0.0 for all."
  )
  static let port = Setting(
    key: "port", kind: .integer(0...65_535), defaultText: "8080", summary: "Port to listen on; 0 for any that is free.")
  static let token = Setting(
    key: "token", kind: .text, defaultText: "",
    summary:
      "A bearer token that may do everything, besides those of rostrum token. Better in the environment than here.")
  static let operations = Setting(
    key: "operations_database", kind: .text, defaultText: "",
    summary: "The file with tokens and kept answers; empty for the path of the database with .operations behind it.")
  static let originToken = Setting(
    key: "origin_token", kind: .text, defaultText: "",
    summary: "The token that rostrum mirror shows the server that it copies, where reading needs one there.")
  static let reading = Setting(
    key: "reading", kind: .word(["open", "token"]), defaultText: "open",
    summary: "Whether anybody may read (open), or only who has a token (token).")
  static let readRate = Setting(
    key: "reads_per_second", kind: .integer(0...1_000_000), defaultText: "0",
    summary: "Requests that a client may send in a second on average; 0 for no limit.")
  static let readBurst = Setting(
    key: "reads_burst", kind: .integer(0...10_000_000), defaultText: "0",
    summary: "How many of those may come at once; 0 for those of two seconds.")
  static let heavyRate = Setting(
    key: "heavy_per_second", kind: .integer(0...1_000_000), defaultText: "0",
    summary:
      "Lists, searches and streams that a client may ask for in a second on average; 0 for no limit of their own.")
  static let heavyBurst = Setting(
    key: "heavy_burst", kind: .integer(0...10_000_000), defaultText: "0",
    summary: "How many of those may come at once; 0 for those of two seconds.")
  static let writeRate = Setting(
    key: "writes_per_second", kind: .integer(0...1_000_000), defaultText: "0",
    summary: "Imports, corrections and deletions that a client may send in a second on average; 0 for no limit.")
  static let writeBurst = Setting(
    key: "writes_burst", kind: .integer(0...10_000_000), defaultText: "0",
    summary: "How many of those may come at once; 0 for those of two seconds.")
  static let failedLogins = Setting(
    key: "failed_logins_per_minute", kind: .integer(0...1_000_000), defaultText: "10",
    summary: "Tokens that are not valid which may come from one address in a minute; 0 for no limit.")
  static let limitedClients = Setting(
    key: "limited_clients", kind: .integer(2...10_000_000), defaultText: "10000",
    summary: "Clients that each limit remembers; those who asked longest ago are forgotten first.")
  static let publicURL = Setting(
    key: "public_url", kind: .text, defaultText: "",
    summary:
      "Address under which readers know the service, such as https://speeches.example.org: citations begin with it.")
  static let documentBytes = Setting(
    key: "max_document_bytes", kind: .integer(1_024...1 << 30), defaultText: "16777216",
    summary: "Largest document that is read, and largest body of a request, in bytes.")
  static let queryDeadline = Setting(
    key: "query_deadline_ms", kind: .integer(1...600_000), defaultText: "5000",
    summary: "How long a query may take until the first byte of its answer, in milliseconds.")
  static let share = Setting(
    key: "share", kind: .text, defaultText: "",
    summary: "Folder with the lists of words and readings; empty for share here or ../share/rostrum beside the program."
  )
  static let socket = Setting(
    key: "socket", kind: .text, defaultText: "",
    summary:
      "Path of a Unix-domain socket to listen on instead of host and port, for a proxy on this machine; empty for none."
  )
  static let socketMode = Setting(
    key: "socket_mode", kind: .permissions, defaultText: "0660",
    summary: "Permission bits of that socket's file: who connects has to be able to write it.")
  static let trustedProxies = Setting(
    key: "trusted_proxies", kind: .text, defaultText: "",
    summary:
      "Proxies whose Forwarded or X-Forwarded-For is believed: addresses, prefixes such as 10.0.0.0/8, or unix, between commas."
  )
  static let eventLoops = Setting(
    key: "event_loops", kind: .integer(0...256), defaultText: "0",
    summary: "Queues that serve the sockets; 0 for one for each processor.")
  static let workers = Setting(
    key: "workers", kind: .integer(1...256), defaultText: "4", summary: "Long answers that are made at the same time.")
  static let waitingRequests = Setting(
    key: "waiting_requests", kind: .integer(1...10_000), defaultText: "64",
    summary: "Requests that may wait for a worker; more are answered 503.")
  static let connections = Setting(
    key: "max_connections", kind: .integer(0...100_000), defaultText: "0",
    summary: "Connections at a time; 0 for 1024 or what the limit on open files leaves.")
  static let requestsPerConnection = Setting(
    key: "max_requests_per_connection", kind: .integer(1...1_000_000), defaultText: "1000",
    summary: "Requests on one connection; the answer to the last one ends it.")
  static let requestLineBytes = Setting(
    key: "max_request_line_bytes", kind: .integer(8_000...1 << 20), defaultText: "16384",
    summary: "Longest first line of a request, in bytes; longer ones are answered 414.")
  static let headerBytes = Setting(
    key: "max_header_bytes", kind: .integer(1_024...1 << 20), defaultText: "32768",
    summary: "Longest header section of a request, in bytes; longer ones are answered 431.")
  static let headerFields = Setting(
    key: "max_header_fields", kind: .integer(8...10_000), defaultText: "100",
    summary: "Header fields of a request; more are answered 431.")
  static let bodyMemory = Setting(
    key: "max_body_memory_bytes", kind: .integer(1_024...1 << 40), defaultText: "67108864",
    summary:
      "Memory for bodies of requests, and as much for long answers to slow clients, in "
      + "bytes, but always enough for one; beyond it 503.")
  static let writeBuffer = Setting(
    key: "max_write_buffer_bytes", kind: .integer(4_096...1 << 30), defaultText: "1048576",
    summary: "Bytes of a streamed answer that may wait for a slow client; then the stream waits too.")
  static let answerCache = Setting(
    key: "answer_cache_bytes", kind: .integer(0...1 << 40), defaultText: "268435456",
    summary: "Answers that are kept until the corpus changes, in bytes of a file beside the database; 0 for none.")
  static let logBytes = Setting(
    key: "max_wal_bytes", kind: .integer(1 << 20...1 << 40), defaultText: "268435456",
    summary: "Bytes of the write-ahead log beyond which exports that keep it from being begun anew are broken off.")
  static let migrationBackup = Setting(
    key: "migration_backup", kind: .boolean, defaultText: "true",
    summary: "Whether a database of an older version is copied, beside it, before its schema changes.")
  static let backupFolder = Setting(
    key: "backup_folder", kind: .text, defaultText: "",
    summary: "Folder that the server writes backups to, best on another disk; empty for none.")
  static let backupHours = Setting(
    key: "backup_every_hours", kind: .integer(0...8_760), defaultText: "0",
    summary: "Hours from one backup to the next, by a server too that was started again; 0 for none.")
  static let backupKeep = Setting(
    key: "backup_keep", kind: .integer(1...10_000), defaultText: "7",
    summary: "Backups of this database that are kept in that folder; older ones are removed, and no other file.")
  static let headerTime = Setting(
    key: "header_timeout_ms", kind: .integer(100...600_000), defaultText: "10000",
    summary: "How long the header of a request may take, in milliseconds.")
  static let bodyGrace = Setting(
    key: "body_grace_ms", kind: .integer(100...3_600_000), defaultText: "20000",
    summary: "How long a body may take at any rate, in milliseconds.")
  static let bodyRate = Setting(
    key: "min_body_rate", kind: .integer(1...1 << 30), defaultText: "500",
    summary: "Bytes in a second that a body has to come at on average after that; slower ones are answered 408.")
  static let idleTime = Setting(
    key: "idle_timeout_ms", kind: .integer(100...3_600_000), defaultText: "60000",
    summary: "How long a connection may be idle between requests, in milliseconds.")
  static let writeTime = Setting(
    key: "write_timeout_ms", kind: .integer(100...3_600_000), defaultText: "30000",
    summary: "How long a client may read nothing of its answer, in milliseconds.")
  static let drainTime = Setting(
    key: "drain_timeout_ms", kind: .integer(0...600_000), defaultText: "10000",
    summary: "How long requests in hand are waited for at the end, in milliseconds.")
  static let logLevel = Setting(
    key: "log_level", kind: .word(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
    defaultText: "info", summary: "The least weighty messages that are logged.")
  static let accessLog = Setting(
    key: "access_log", kind: .boolean, defaultText: "false",
    summary: "Whether each request is written to standard output, as a line of JSON.")
  static let accessLogFile = Setting(
    key: "access_log_file", kind: .text, defaultText: "",
    summary: "File that each request is written to instead, whatever access_log says; empty for none.")
  static let logForm = Setting(
    key: "log_format", kind: .word(Log.Form.allCases.map(\.rawValue)), defaultText: "text",
    summary: "How messages are written to standard error: text for people, or json, an object on each line.")
  static let slowQuery = Setting(
    key: "slow_query_ms", kind: .integer(0...600_000), defaultText: "1000",
    summary: "Milliseconds after which a request is logged with its SQL and the plans of that; 0 for never.")
  static let leastFree = Setting(
    key: "min_free_disk_bytes", kind: .integer(0...1 << 50), defaultText: "67108864",
    summary: "Bytes that have to be free on the disk with the database for /ready to say yes.")

  /// Every setting, in the order of `config/rostrum.yaml`.
  static let all = [
    database, host, port, socket, socketMode, trustedProxies, publicURL, token, operations, originToken, reading,
    readRate, readBurst, heavyRate, heavyBurst, writeRate, writeBurst, failedLogins, limitedClients, documentBytes,
    queryDeadline, share,
    eventLoops, workers, waitingRequests, connections,
    requestsPerConnection, requestLineBytes, headerBytes, headerFields, bodyMemory, writeBuffer, answerCache,
    logBytes, migrationBackup, backupFolder, backupHours, backupKeep, headerTime, bodyGrace, bodyRate, idleTime,
    writeTime, drainTime, logLevel, logForm, accessLog, accessLogFile, slowQuery, leastFree,
  ]

  /// The settings that a running server takes anew on SIGHUP; what else has changed waits for the next start. Whoever adds
  /// one has it take effect in `Reloading.take`.
  static let reread = [logLevel, logForm, slowQuery, leastFree]
}

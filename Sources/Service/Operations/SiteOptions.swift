public import Corpus
public import HTTP
public import Storage

extension Site {
  /// What the service is told from outside.
  public struct Options: Sendable {
    /// A bearer token that may do everything; nil where there are only those of `operations`.
    public var token: String?
    /// Where tokens are, and answers to requests that may be repeated.
    public var operations: OperationalStore?
    /// Whether reading needs no token.
    public var isReadingOpen: Bool
    /// What one client may do.
    public var rates: Rates
    /// The largest document that is read, in bytes.
    public var maximumDocumentBytes: Int
    /// How long a query may take until the first byte of its answer, in seconds.
    public var queryDeadline: Double
    /// Where each request is written; nil for nowhere.
    public var accessLog: AccessLog?
    /// The proxies that are believed when they say who the client is.
    public var proxies: TrustedProxies
    /// What is known of Chinese words and readings.
    public var language: LanguageData
    /// How many bytes of answers are kept, in a file beside the database; 0 for none.
    public var answerCacheBytes: Int
    /// The address under which the world knows the service, `https://speeches.example.org`: what citations begin with; nil
    /// where it is not known.
    public var publicAddress: String?
    /// After how many seconds a request is written to the log with what the database did for it; 0 for never.
    public var slowSeconds: Double
    /// Bytes that are to be free on the disk, for the service to be ready.
    public var leastFreeBytes: Int
    /// What is done beside answering, for `/metrics` to tell of its backups; nil for nothing.
    public var upkeep: Upkeep?

    /// The usual options.
    public init(
      token: String? = nil, operations: OperationalStore? = nil, isReadingOpen: Bool = true, rates: Rates = Rates(),
      maximumDocumentBytes: Int = 16 << 20, queryDeadline: Double = 5,
      accessLog: AccessLog? = nil,
      proxies: TrustedProxies = TrustedProxies(),
      language: LanguageData = LanguageData(), answerCacheBytes: Int = 0, publicAddress: String? = nil,
      slowSeconds: Double = 1, leastFreeBytes: Int = 0, upkeep: Upkeep? = nil
    ) {
      self.token = token
      self.operations = operations
      self.isReadingOpen = isReadingOpen
      self.rates = rates
      self.maximumDocumentBytes = maximumDocumentBytes
      self.queryDeadline = queryDeadline
      self.accessLog = accessLog
      self.proxies = proxies
      self.language = language
      self.answerCacheBytes = answerCacheBytes
      self.publicAddress = publicAddress
      self.slowSeconds = slowSeconds
      self.leastFreeBytes = leastFreeBytes
      self.upkeep = upkeep
    }
  }
}

import HTTPTypes

/// Proxies that are believed when they say for whom they forward a request, in `Forwarded` (RFC 7239) or, where there
/// is no such field, in `X-Forwarded-For`.
public struct TrustedProxies: Hashable, Sendable {
  /// An entry of the list that is neither an address, a prefix nor `unix`.
  public struct InvalidEntry: Error, Hashable, Sendable {
    /// The entry.
    public let text: String
  }

  /// What `Request.peer` is of a connection over a Unix-domain socket.
  static let unix = "unix"

  private var prefixes: [NetworkPrefix] = []
  private var includesUnix = false

  /// No proxy: every client is the peer of its connection.
  public init() {}

  /// Reads a list between commas of addresses, prefixes such as `10.0.0.0/8`, and `unix` for the Unix-domain socket.
  public init(_ list: String) throws(InvalidEntry) {
    for part in list.split(separator: ",") {
      let entry = part.trimmed
      if entry == Self.unix {
        includesUnix = true
      } else if let prefix = NetworkPrefix(entry) {
        prefixes.append(prefix)
      } else {
        throw InvalidEntry(text: String(entry))
      }
    }
  }

  /// The address of the client of a request: of those that trusted proxies name, from the last to the first, the
  /// first that is no trusted proxy itself. What is malformed is not believed: then it is the peer of the connection.
  ///
  /// A proxy may call a client `unknown` or give it a name that begins with `_` (RFC 7239 §6).
  public func client(of request: Request) -> String {
    guard prefixes.count > 0 || includesUnix, trusts(request.peer) else { return request.peer }
    guard let chain = Forwarding.nodes(request.headerFields) else { return request.peer }
    var client = request.peer
    for node in chain.reversed() {
      guard let name = Forwarding.name(of: node) else { return request.peer }
      client = name
      guard trusts(name) else { break }
    }
    return client
  }

  private func trusts(_ name: String) -> Bool {
    if name == Self.unix { return includesUnix }
    // The system adds the zone to an address that is only good on one link: `fe80::1%eth0`.
    guard let address = NetworkAddress(name.prefix { $0 != "%" }) else { return false }
    return prefixes.contains { $0.contains(address) }
  }
}

/// The grammar of `Forwarded` and of `X-Forwarded-For`.
enum Forwarding {
  private static let xForwardedFor = HTTPField.Name("X-Forwarded-For")
  private static let forwarded = HTTPField.Name("Forwarded")

  /// The nodes that a request was forwarded for, the client first; nil where the fields are malformed.
  static func nodes(_ fields: HTTPFields) -> [String]? {
    if let forwarded, let value = fields[forwarded] { return nodes(forwarded: value) }
    guard let xForwardedFor, let value = fields[xForwardedFor] else { return [] }
    return value.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
  }

  /// An address in the one way in which it is written here, without a port, or the word that stands for it; nil where a
  /// node is neither.
  static func name(of node: String) -> String? {
    if let address = NetworkAddress(node) { return address.description }
    if node == "unknown" { return node }
    if node.first == "_" { return node.utf8.dropFirst().allSatisfy(isObfuscated) ? node : nil }
    var host = node[...]
    var rest = Substring()
    if node.first == "[" {
      guard let end = node.firstIndex(of: "]") else { return nil }
      host = node[..<end].dropFirst()
      rest = node[node.index(after: end)...]
      guard host.contains(":") else { return nil }
    } else if let colon = node.firstIndex(of: ":") {
      host = node[..<colon]
      rest = node[colon...]
    }
    guard rest.isEmpty || isPort(rest.dropFirst()) && rest.first == ":" else { return nil }
    return NetworkAddress(host)?.description
  }

  private static func isPort(_ text: Substring) -> Bool {
    if text.first == "_" { return text.utf8.dropFirst().allSatisfy(isObfuscated) }
    return (1...5).contains(text.utf8.count) && text.utf8.allSatisfy(Octet.isDigit)
  }

  private static func isObfuscated(_ byte: UInt8) -> Bool {
    Octet.isLetter(byte) || Octet.isDigit(byte)
      || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
  }

  /// The values of `for`, one of each element (RFC 7239 §4); nil where an element has none, or anything is malformed.
  private static func nodes(forwarded value: String) -> [String]? {
    let bytes = Array(value.utf8)
    var index = 0
    var nodes: [String] = []
    while index < bytes.count {
      var node: String?
      var isEmpty = true
      while true {
        skipBlanks(bytes, &index)
        guard index < bytes.count, bytes[index] != Octet.comma else { break }
        isEmpty = false
        if bytes[index] != Octet.semicolon {
          guard let pair = pair(bytes, &index) else { return nil }
          if pair.name == "for" {
            guard node == nil else { return nil }
            node = pair.value
          }
          skipBlanks(bytes, &index)
          guard index < bytes.count, bytes[index] == Octet.semicolon else { break }
        }
        index += 1
      }
      guard index == bytes.count || bytes[index] == Octet.comma else { return nil }
      index += 1
      if isEmpty { continue }
      guard let node else { return nil }
      nodes.append(node)
    }
    return nodes
  }

  private static func skipBlanks(_ bytes: [UInt8], _ index: inout Int) {
    while index < bytes.count, Octet.isBlank(bytes[index]) { index += 1 }
  }

  /// `token "=" ( token / quoted-string )`.
  private static func pair(_ bytes: [UInt8], _ index: inout Int) -> (name: String, value: String)? {
    guard let name = token(bytes, &index), index < bytes.count, bytes[index] == Octet.equals else { return nil }
    index += 1
    guard let value = quoted(bytes, &index) ?? token(bytes, &index) else { return nil }
    return (name.lowercased(), value)
  }

  private static func token(_ bytes: [UInt8], _ index: inout Int) -> String? {
    let start = index
    while index < bytes.count, Octet.isToken(bytes[index]) { index += 1 }
    return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
  }

  private static func quoted(_ bytes: [UInt8], _ index: inout Int) -> String? {
    guard index < bytes.count, bytes[index] == Octet.quote else { return nil }
    var text: [UInt8] = []
    var next = index + 1
    while next < bytes.count, bytes[next] != Octet.quote {
      if bytes[next] == Octet.backslash { next += 1 }
      guard next < bytes.count else { return nil }
      text.append(bytes[next])
      next += 1
    }
    guard next < bytes.count else { return nil }
    index = next + 1
    return String(decoding: text, as: UTF8.self)
  }
}

extension StringProtocol {
  /// Without the spaces and tabs at both ends.
  fileprivate var trimmed: SubSequence {
    var rest = self[...]
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}

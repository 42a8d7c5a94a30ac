/// The grammar of chunk extensions (RFC 9112 §7.1.1): `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted ) ] )`.
enum ChunkExtensions {
  static func isValid(_ bytes: Span<UInt8>) -> Bool {
    var index = 0

    func skipBlanks() {
      while index < bytes.count, Octet.isBlank(bytes[index]) { index += 1 }
    }
    func skipToken() -> Bool {
      let first = index
      while index < bytes.count, Octet.isToken(bytes[index]) { index += 1 }
      return index > first
    }
    func skipQuoted() -> Bool {
      index += 1
      while index < bytes.count, Octet.isField(bytes[index]) {
        if bytes[index] == Octet.quote {
          index += 1
          return true
        }
        if bytes[index] == Octet.backslash {
          index += 1
          guard index < bytes.count, Octet.isField(bytes[index]) else { return false }
        }
        index += 1
      }
      return false
    }

    while index < bytes.count {
      skipBlanks()
      guard index < bytes.count, bytes[index] == Octet.semicolon else { return false }
      index += 1
      skipBlanks()
      guard skipToken() else { return false }
      let end = index
      skipBlanks()
      guard index < bytes.count, bytes[index] == Octet.equals else {
        index = end
        continue
      }
      index += 1
      skipBlanks()
      guard index < bytes.count, bytes[index] == Octet.quote ? skipQuoted() : skipToken() else {
        return false
      }
    }
    return true
  }
}

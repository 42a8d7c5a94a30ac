/// The members of a JSON object that is known to be well formed, without reading their values.
public enum JSONMembers {
  /// The name of each member, and the range of bytes that name and value take up.
  public static func scan(_ object: [UInt8]) -> [(name: String, range: Range<Int>)] {
    var members: [(name: String, range: Range<Int>)] = []
    var depth = 0
    var inString = false
    var start = 1
    var index = 0
    func close(at end: Int) {
      guard end > start, let quote = object[(start + 1)..<end].firstIndex(of: UInt8(ascii: "\"")) else { return }
      members.append((String(decoding: object[(start + 1)..<quote], as: UTF8.self), start..<end))
    }
    while index < object.count {
      let byte = object[index]
      if inString {
        if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { inString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): inString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          if depth == 0 { close(at: index) }
        case UInt8(ascii: ",") where depth == 1:
          close(at: index)
          start = index + 1
        default: break
        }
      }
      index += 1
    }
    return members
  }
}

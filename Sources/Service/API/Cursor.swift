import Corpus
import Foundation
import HTTP
import HTTPTypes

/// A place in a list as a client carries it: opaque, and bound to the query that it belongs to.
enum Cursor {
  /// What a client is given.
  static func text(_ parts: [String?], for call: Call) -> String {
    var writer = JSONWriter()
    writer.array { writer in
      writer.string(fingerprint(of: call))
      for part in parts { if let part { writer.string(part) } else { writer.null() } }
    }
    return Data(writer.bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// What was in it; throws where it is none of ours, or one of another query.
  static func parts(_ text: String, for call: Call, count: Int) throws -> [String?] {
    let unknown = Problem(
      .badRequest, code: "invalid_cursor",
      detail: "cursor: this is not a cursor that this query gave; take “next” of the page before, or leave it out.",
      parameter: "cursor")
    var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: base64), let value = try? JSONReader.read(Array(data)),
      case .array(let values) = value, values.count == count + 1, values[0] == .string(fingerprint(of: call))
    else { throw unknown }
    return try values.dropFirst().map { value in
      switch value {
      case .string(let text): text
      case .null: nil
      default: throw unknown
      }
    }
  }

  /// Equal for calls of the same address with the same parameters, page size aside.
  private static func fingerprint(of call: Call) -> String {
    var text = String(call.request.target.rawPath)
    for (name, texts, _) in call.effectiveQuery where name != "cursor" && name != "limit" {
      for value in texts { text += "\n\(name)=\(value)" }
    }
    return String(Array(text.utf8).sha256.prefix(12))
  }
}

import HTTP

/// Which members of a resource a client wants: `fields=title,text` names them, `fields=-text,-sections` leaves out.
struct Selection {
  private let named: Set<String>
  private let leftOut: Set<String>

  /// Everything.
  static let everything = Selection(fields: [])

  init(fields: [String]) {
    named = Set(fields.filter { !$0.hasPrefix("-") })
    leftOut = Set(fields.filter { $0.hasPrefix("-") }.map { String($0.dropFirst()) })
  }

  var isEverything: Bool { named.isEmpty && leftOut.isEmpty }

  /// What a call asks for.
  init(_ call: Call, _ parameter: Parameter<[String]>) throws { self.init(fields: try call[parameter]) }

  /// Whether a member is wanted; the id always is.
  func contains(_ member: String) -> Bool {
    member == "id" || (named.isEmpty || named.contains(member)) && !leftOut.contains(member)
  }

  /// The words of `fields` for a resource with the given members.
  static func words(for members: [String]) -> [String] { members + members.map { "-" + $0 } }
}

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

  /// What a call asks for; names and left-out names do not go together.
  init(_ call: Call, _ parameter: Parameter<[String]>) throws {
    let fields = try call[parameter]
    let leftOut = fields.count { $0.hasPrefix("-") }
    guard leftOut == 0 || leftOut == fields.count else {
      throw parameter.problem("name the members that are wanted, or with a minus those that are not; not both")
    }
    self.init(fields: fields)
  }

  /// Whether a member is wanted; the id always is.
  func contains(_ member: String) -> Bool {
    member == "id" || (named.isEmpty || named.contains(member)) && !leftOut.contains(member)
  }

  /// The words of `fields` for a resource with the given members.
  static func words(for members: [String]) -> [String] { members + members.map { "-" + $0 } }
}

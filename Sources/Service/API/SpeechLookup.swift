import Corpus
import HTTP
import HTTPTypes
import Storage

/// Finds the speech that a call names, or says why there is none.
extension SpeechRepository {
  /// Answers longer than this are made on a worker, so that no other connection of the loop waits for them.
  private static let quickSize = 256 << 10

  /// Answers with what `body` makes of the speech that the call names: here, or on a worker where it is long.
  /// - Parameter tag: what the answer depends on, where that is known beforehand.
  func answer(
    _ call: Call, revision: Int?, tag: (@Sendable (RevisionIdentity) -> String)? = nil,
    _ body: @escaping @Sendable (RevisionReader) throws -> Response
  ) throws -> Endpoint.Reply {
    try call.found { id in
      try read(id, revision: revision) { reader in
        if let tag = tag?(reader.identity), call.alreadyHas(tag) { return .now(call.notModified(tag)) }
        if reader.identity.size <= Self.quickSize { return .now(try body(reader)) }
        return .onWorkers { try call.found { try read($0, revision: revision, body) } }
      }
    }
  }

  /// Which revision the call names.
  func identity(_ call: Call, revision: Int?) throws -> RevisionIdentity {
    try call.found { try identity(of: $0, revision: revision) }
  }
}

extension Call {
  /// What is found under the id that the call names, or the problem that says why there is nothing.
  func found<Value>(_ find: (SpeechID) throws -> Lookup<Value>) throws -> Value {
    let text = try self[SpeechRoutes.id]
    guard let id = SpeechID(text) else { throw SpeechRoutes.missingProblem(text) }
    switch try find(id) {
    case .found(let value): return value
    case .deleted(let time): throw SpeechRoutes.goneProblem(text, at: time)
    case .noSuchRevision(let last):
      throw Problem(
        .notFound, code: "revision_not_found",
        detail: "The speech \(text) has the revisions 1 to \(last).", parameter: "revision")
    case .missing: throw SpeechRoutes.missingProblem(text)
    }
  }
}

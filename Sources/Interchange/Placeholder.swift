public import Corpus
public struct RawDocument: Sendable { public var bytes: [UInt8]; public var mediaType: String?; public var fileName: String?; public var sidecar: [UInt8]?
 public init(bytes: [UInt8], mediaType: String? = nil, fileName: String? = nil, sidecar: [UInt8]? = nil) { self.bytes = bytes; self.mediaType = mediaType; self.fileName = fileName; self.sidecar = sidecar } }
public struct Reading: Sendable { public var id: SpeechID; public var speech: Speech; public var document: SourceDocument }
public struct Refusal: Error, Sendable, Hashable { public var code: String; public var reason: String; public var pointer: String?; public var line: Int?
 public init(code: String, reason: String, pointer: String? = nil, line: Int? = nil) { self.code = code; self.reason = reason; self.pointer = pointer; self.line = line } }
public enum Outcome: Sendable { case read(Reading), refused(Refusal) }
public struct DocumentReader: Sendable {
  public init(maximumBytes: Int = 16 << 20) {}
  public func read(_ document: RawDocument) -> [Outcome] { [] }
  public static let mediaTypes: [String] = ["text/plain"]
  public static func mediaType(forFileName name: String) -> String? { nil }
}
extension Speech { public var plainText: String { "" }
 public var markdown: String { "" } }

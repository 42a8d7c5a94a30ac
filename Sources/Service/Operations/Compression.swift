import CZlib
import HTTP
import HTTPTypes

/// Compresses answers with gzip (RFC 1952) for clients that accept it, where there is enough to save.
enum Compression {
  /// Answers shorter than this are sent as they are.
  private static let threshold = 1_024

  /// The answer, compressed if the client wants that and it pays.
  static func compressed(_ response: Response, for request: Request) -> Response {
    guard let accepted = request.headerFields[.acceptEncoding], accepts(accepted) else { return response }
    var response = response
    if response.status == .notModified {
      if let tag = response.headerFields[.eTag], let known = request.headerFields[.ifNoneMatch],
        known.contains(tag.compressedTag)
      {
        response.headerFields[.eTag] = tag.compressedTag
      }
      return response
    }
    // A range is of the bytes as they are.
    guard case .bytes(let bytes) = response.body, bytes.count >= threshold, response.status != .partialContent,
      response.headerFields[.contentEncoding] == nil, let compressed = gzip(bytes)
    else { return response }
    response.body = .bytes(compressed)
    response.headerFields[.contentEncoding] = "gzip"
    if let tag = response.headerFields[.eTag] { response.headerFields[.eTag] = tag.compressedTag }
    return response
  }

  /// Whether an `Accept-Encoding` field takes gzip (RFC 9110 §12.5.3).
  static func accepts(_ field: String) -> Bool {
    var anything = false
    for part in field.lowercased().split(separator: ",") {
      let pieces = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
      let refused = pieces.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
      if pieces.first == "gzip" || pieces.first == "x-gzip" { return !refused }
      if pieces.first == "*" { anything = !refused }
    }
    return anything
  }

  /// The bytes compressed; nil where zlib has no memory for it.
  static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard rostrum_deflate_init_gzip(&stream, 4) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    let result = bytes.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        // zlib reads what next_in points to and never writes it; its interface is older than const.
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        count = deflate(&stream, Z_FINISH) == Z_STREAM_END ? output.count - Int(stream.avail_out) : 0
      }
    }
    return result.isEmpty ? nil : result
  }
}

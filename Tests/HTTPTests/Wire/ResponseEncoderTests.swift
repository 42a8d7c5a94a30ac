import HTTPTypes
import Testing

@testable import HTTP

@Suite("ResponseEncoder")
struct ResponseEncoderTests {
  private func head(
    _ response: Response, isHead: Bool = false, isHTTP10: Bool = false, keepsAlive: Bool = true
  ) -> [String] {
    let manner = ResponseEncoder.Manner(isHead: isHead, isHTTP10: isHTTP10, keepsAlive: keepsAlive)
    var out: [UInt8] = []
    var encoder = ResponseEncoder()
    let framing = ResponseEncoder.framing(of: response, manner)
    encoder.encodeHead(of: response, framing: framing, manner, to: &out)
    let text = String(decoding: out, as: UTF8.self)
    #expect(text.hasSuffix("\r\n\r\n"))
    return text.split(separator: "\r\n").map(String.init).filter { !$0.hasPrefix("Date: ") }
  }

  @Test("writes status, length and fields")
  func plain() {
    let response = Response(
      status: .ok, headerFields: [.contentType: "text/plain"], body: .bytes([1, 2, 3]))
    #expect(head(response) == ["HTTP/1.1 200 OK", "Content-Length: 3", "Content-Type: text/plain"])
    #expect(head(response, isHead: true) == head(response))
  }

  @Test("says how a body ends: by chunks, by the end of the connection, or not at all")
  func framing() {
    let stream = Response(status: .ok, body: .stream { _ in })
    #expect(head(stream) == ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"])
    #expect(head(stream, isHTTP10: true, keepsAlive: false) == ["HTTP/1.1 200 OK", "Connection: close"])
    #expect(head(Response(status: .noContent)) == ["HTTP/1.1 204 No Content"])
    #expect(head(Response(status: .notModified, body: .bytes([1]))) == ["HTTP/1.1 304 Not Modified"])
  }

  @Test("says whether the connection goes on where the peer cannot know")
  func connection() {
    let response = Response(status: .ok)
    #expect(head(response, keepsAlive: false).contains("Connection: close"))
    #expect(head(response, isHTTP10: true).contains("Connection: keep-alive"))
    #expect(!head(response).contains { $0.hasPrefix("Connection") })
  }

  @Test("does not let a field split the response or contradict its framing")
  func splitting() {
    var response = Response(status: .ok, headerFields: [.contentLength: "9", .connection: "x", .date: "y"])
    response.headerFields[.location] = "/a\r\nSet-Cookie: b\r\n\r\n<html>"
    let lines = head(response)
    #expect(lines.count == 3)
    #expect(lines.contains("Content-Length: 0"))
    #expect(!lines.contains { $0.hasPrefix("Set-Cookie") })
  }
}

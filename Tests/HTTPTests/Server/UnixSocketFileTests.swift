import Foundation
import Glibc
import Testing

@testable import HTTP

@Suite("A Unix-domain socket")
struct UnixSocketFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "rostrum-\(UUID())")

  /// A server without an address yet, and a path for it.
  private func serve(_ body: (Server, Site, String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let site = Site(Site.echo)
    let server = Server(application: site, loops: 2, workers: 1)
    defer { server.drain(within: .zero) }
    try body(server, site, folder.appending(path: "s").path)
  }

  private func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  @Test(
    "is answered on, has the permission bits asked for, and is gone with the server", arguments: [0o660, 0o600, 0o777])
  func life(mode: UInt32) throws {
    try serve { server, site, path in
      try server.listen(unixSocket: path, mode: mode)
      #expect(status(path)?.st_mode == S_IFSOCK | mode)
      let client = try Client(path: path)
      client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive(until: ";").hasSuffix("GET /a ;"))
      #expect(eventually { site.completed.first?.peer == "unix" && site.completed.first?.request?.peer == "unix" })
      server.drain(within: .zero)
      #expect(status(path) == nil)
    }
  }

  @Test("takes the place of one on which nobody answers, and of nothing else")
  func stale() throws {
    try serve { server, _, path in
      guard let address = SocketAddress(path: path) else { return #expect(Bool(false)) }
      let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      #expect(address.withPointer { bind(dead, $0, $1) } == 0)
      close(dead)
      try server.listen(unixSocket: path)
      let client = try Client(path: path)
      let second = Server(application: Site(Site.echo), loops: 1, workers: 1)
      let error = #expect(throws: ListenError.self) { try second.listen(unixSocket: path) }
      #expect(error?.code == EADDRINUSE && error?.description.contains(path) == true)
      client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive(until: ";").hasSuffix("GET /a ;"))
      let file = folder.appending(path: "file").path
      #expect(FileManager.default.createFile(atPath: file, contents: Data("x".utf8)))
      #expect(throws: ListenError.self) { try second.listen(unixSocket: file) }
      #expect(FileManager.default.contents(atPath: file) == Data("x".utf8))
    }
  }

  @Test("leaves the socket of a successor where it is")
  func successor() throws {
    try serve { server, _, path in
      try server.listen(unixSocket: path)
      #expect(rename(path, path + ".old") == 0)
      let second = Server(application: Site(Site.echo), loops: 1, workers: 1)
      try second.listen(unixSocket: path)
      server.drain(within: .zero)
      #expect(status(path) != nil)
      second.drain(within: .zero)
      #expect(status(path) == nil)
    }
  }

  @Test("has a path that fits, and a folder that exists")
  func paths() throws {
    try serve { server, _, path in
      for path in ["", "/" + String(repeating: "长", count: 40), "/a\0b"] {
        let error = #expect(throws: ListenError.self) { try server.listen(unixSocket: path) }
        #expect(error?.description.contains("1 to 107 bytes") == true)
      }
      let error = #expect(throws: ListenError.self) { try server.listen(unixSocket: path + "/none/s") }
      #expect(error?.code == ENOENT)
    }
  }
}

import ArgumentParser
import Foundation
import Glibc
import HTTP

/// `rostrum health`: asks a running server whether it is ready; made for a container's health check.
struct Health: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks the server on this machine whether it can answer; ends with status 1 where it cannot.")

  @OptionGroup var common: CommonOptions

  @Option(name: .long, help: "Port of the server.")
  var port: String?

  @Option(name: .long, help: "Path of the server's Unix-domain socket, if it listens on one.")
  var socket: String?

  func run() throws {
    let settings = try common.settings([(.port, port), (.socket, socket)])
    let path = settings.text(.socket)
    // A port on the command line is meant, whatever the file says.
    let answer =
      path.isEmpty || socket == nil && port != nil
      ? try Self.ask(
        SocketAddress(loopbackPort: UInt16(clamping: settings.integer(.port))), "port \(settings.integer(.port))")
      : try Self.ask(path: path)
    print(answer.prefix { $0 != "\r\n" })
    guard answer.hasPrefix("HTTP/1.1 200 ") else { throw ExitCode(1) }
  }

  private static func ask(path: String) throws -> String {
    guard let address = SocketAddress(path: path) else {
      throw Failure("the path of a Unix-domain socket has 1 to \(SocketAddress.longestPath) bytes: \(path)")
    }
    return try ask(address, path)
  }

  private static func ask(_ address: SocketAddress, _ place: String) throws -> String {
    let descriptor = Glibc.socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("no socket") }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 4, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
      throw Failure("nothing listens on \(place): \(String(cString: strerror(errno)))")
    }
    let request = Array("GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      throw Failure("the server took no request")
    }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw Failure("the server gave no answer") }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

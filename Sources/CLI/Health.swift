import ArgumentParser
import Foundation
import Glibc

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
      ? try Self.ask(port: settings.integer(.port)) : try Self.ask(path: path)
    print(answer.prefix { $0 != "\r\n" })
    guard answer.hasPrefix("HTTP/1.1 200 ") else { throw ExitCode(1) }
  }

  private static func ask(port: Int) throws -> String {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return try ask(&address, family: AF_INET, "port \(port)")
  }

  private static func ask(path: String) throws -> String {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure("the path \(path) is too long")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return try ask(&address, family: AF_UNIX, path)
  }

  private static func ask<Address>(_ address: inout Address, family: Int32, _ place: String) throws -> String {
    let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure("no socket") }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 4, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
    guard connected == 0 else { throw Failure("nothing listens on \(place): \(String(cString: strerror(errno)))") }
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

import Foundation
import Glibc
import Locking

/// Stands between a client and a server on this machine, and does harm to the bodies of snapshots.
final class FaultyProxy: Sendable {
  /// What becomes of the body of a snapshot, after so many bytes.
  enum Fault {
    case cut(Int)
    case stall(Int)
    case flip(Int)
  }

  private struct State {
    var heads: [String] = []
    var faults: [Fault]
  }

  let port: UInt16
  private let state: Locked<State>
  private let listener: Int32

  /// - Parameter faults: one for each request of a snapshot; later ones pass.
  init(to upstream: String, faults: [Fault]) throws {
    state = Locked(State(faults: faults))
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = self.listener
    let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isOpen else { throw CocoaError(.fileReadUnknown) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while case let client = accept(listener, nil, nil), client >= 0 {
        Thread.detachNewThread { [self] in
          serve(client, upstream)
          close(client)
        }
      }
    }
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// The heads of the requests that came for snapshots.
  var snapshotRequests: [String] { state.withLock { $0.heads } }

  private func serve(_ client: Int32, _ upstream: String) {
    var head = ""
    while !head.hasSuffix("\r\n\r\n") {
      var byte: UInt8 = 0
      guard recv(client, &byte, 1, 0) == 1 else { return }
      head.unicodeScalars.append(Unicode.Scalar(byte))
    }
    var fault: Fault?
    if head.contains(" /v1/snapshot ") {
      fault = state.withLock { state in
        state.heads.append(head)
        return state.faults.isEmpty ? nil : state.faults.removeFirst()
      }
    }
    let server = ServeTests.connect(upstream)
    defer { close(server) }
    let request = Array(head.utf8.dropLast(2)) + Array("Connection: close\r\n\r\n".utf8)
    guard send(server, request, request.count, 0) == request.count else { return }
    pass(from: server, to: client, fault)
  }

  private func pass(from server: Int32, to client: Int32, _ fault: Fault?) {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      var byte: UInt8 = 0
      guard recv(server, &byte, 1, 0) == 1 else { return }
      head.append(byte)
    }
    guard Self.sendAll(head[...], to: client) else { return }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    var place = 0
    while case let count = recv(server, &buffer, buffer.count, 0), count > 0 {
      var piece = buffer[..<count]
      defer { place += count }
      switch fault {
      case .cut(let end) where place + count > end:
        _ = Self.sendAll(piece.prefix(max(0, end - place)), to: client)
        return
      case .stall(let end) where place + count > end:
        _ = Self.sendAll(piece.prefix(max(0, end - place)), to: client)
        // Until the client is gone.
        var byte: UInt8 = 0
        _ = recv(client, &byte, 1, 0)
        return
      case .flip(let index) where (place..<(place + count)).contains(index): piece[index - place] ^= 1
      default: break
      }
      guard Self.sendAll(piece, to: client) else { return }
    }
  }

  private static func sendAll(_ bytes: ArraySlice<UInt8>, to peer: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

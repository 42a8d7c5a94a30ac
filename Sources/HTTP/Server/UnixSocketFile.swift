import Glibc

/// The file that stands for a Unix-domain socket on which the server listens.
struct UnixSocketFile: Sendable {
  private let path: String
  private let device: dev_t
  private let number: ino_t

  /// Listens on a path. A file that a dead process left there is replaced; one on which somebody answers is not.
  ///
  /// - Parameter mode: the permission bits of the file; whoever is to connect has to be able to write it.
  static func listen(
    on path: String, mode: mode_t
  ) throws(ListenError) -> (descriptor: Int32, file: UnixSocketFile) {
    guard let address = SocketAddress(path: path) else {
      throw ListenError(
        path,
        "the path of a Unix-domain socket has 1 to \(SocketAddress.longestPath) bytes, this one has \(path.utf8.count)",
        code: ENAMETOOLONG)
    }
    try makeRoom(at: path, address)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    func failed(isBound: Bool = false) -> ListenError {
      let code = errno
      if isBound { unlink(path) }
      if descriptor >= 0 { close(descriptor) }
      return ListenError(path, String(cString: strerror(code)), code: code)
    }
    // The bits are set before there is a file, so that it is at no time open to more than it may be, and again
    // behind the process's mask.
    guard descriptor >= 0, fchmod(descriptor, mode) == 0, address.withPointer({ bind(descriptor, $0, $1) }) == 0
    else { throw failed() }
    var status = stat()
    guard chmod(path, mode) == 0, lstat(path, &status) == 0, Glibc.listen(descriptor, 4096) == 0,
      makeNonBlocking(descriptor)
    else { throw failed(isBound: true) }
    return (descriptor, UnixSocketFile(path: path, device: status.st_dev, number: status.st_ino))
  }

  /// Removes the file, unless another process has put its own there meanwhile.
  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == number else { return }
    unlink(path)
  }

  /// Removes a socket on which nobody answers.
  private static func makeRoom(at path: String, _ address: SocketAddress) throws(ListenError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ListenError(path, "there is a file that is no socket", code: EEXIST)
    }
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let probe = socket(AF_UNIX, Int32(type), 0)
    defer { if probe >= 0 { close(probe) } }
    if probe >= 0, address.withPointer({ connect(probe, $0, $1) }) == -1, errno == ECONNREFUSED {
      unlink(path)
      return
    }
    throw ListenError(path, "there is a socket already, and it is in use", code: EADDRINUSE)
  }
}

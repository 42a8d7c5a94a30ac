import Dispatch
import Glibc

/// The dispatch sources of one socket, and its end.
///
/// One read source serves the whole life of the descriptor, and one write source is made when the socket is full for
/// the first time; both are suspended rather than made anew, because libdispatch has bugs where sources on one
/// descriptor come and go. The descriptor is closed once the cancel handlers of both have run, never before.
final class SocketSources {
  private let descriptor: Int32
  private let queue: DispatchQueue
  private let onWritable: @Sendable () -> Void
  private let onCancelled: @Sendable () -> Void
  private let reading: any DispatchSourceRead
  private var writing: (any DispatchSourceWrite)?
  private var isReadingPaused = false
  private var isWritingPaused = true
  private var living = 1

  /// The handlers run on the queue. `onCancelled` has to call `hasCancelled`.
  init(
    descriptor: Int32, queue: DispatchQueue, onReadable: @escaping @Sendable () -> Void,
    onWritable: @escaping @Sendable () -> Void, onCancelled: @escaping @Sendable () -> Void
  ) {
    self.descriptor = descriptor
    self.queue = queue
    self.onWritable = onWritable
    self.onCancelled = onCancelled
    reading = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    reading.setEventHandler(handler: onReadable)
    reading.setCancelHandler(handler: onCancelled)
    reading.activate()
  }

  /// Called when there are bytes that nobody wants yet; they wait in the socket.
  func pauseReading() {
    guard !isReadingPaused else { return }
    isReadingPaused = true
    reading.suspend()
  }

  func resumeReading() {
    guard isReadingPaused else { return }
    isReadingPaused = false
    reading.resume()
  }

  /// Asks to be told when a full socket takes bytes again.
  func awaitWritable() {
    guard isWritingPaused else { return }
    isWritingPaused = false
    guard let writing else { return makeWriting() }
    writing.resume()
  }

  func stopWriting() {
    guard !isWritingPaused else { return }
    isWritingPaused = true
    writing?.suspend()
  }

  /// Ends both sources. A suspended source never runs its cancel handler, so it is resumed first.
  func cancel() {
    resumeReading()
    reading.cancel()
    if isWritingPaused { writing?.resume() }
    isWritingPaused = false
    writing?.cancel()
  }

  /// One cancel handler has run; says whether it was the last and the descriptor is closed.
  func hasCancelled() -> Bool {
    living -= 1
    guard living == 0 else { return false }
    Glibc.close(descriptor)
    return true
  }

  private func makeWriting() {
    let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler(handler: onWritable)
    source.setCancelHandler(handler: onCancelled)
    living += 1
    writing = source
    source.activate()
  }
}

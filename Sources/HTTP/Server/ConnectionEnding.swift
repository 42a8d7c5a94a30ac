import Glibc

/// How a connection ends: when it has taken too long, when the server drains, and when its peer goes.
extension Connection {
  /// Closes what has taken too long.
  func sweep(_ loop: isolated EventLoop, now: UInt64) {
    func isOver(_ limit: Duration, since start: UInt64) -> Bool { now > start &+ limit.nanoseconds }
    if phase == .lingering, isOver(limits.lingerTime, since: since) { return close(loop) }
    if !outbox.isEmpty, lastSent > 0 {
      if isOver(limits.writeTime, since: lastSent) { close(loop) }
      return
    }
    guard phase == .reading, !isLast else { return }
    switch progress {
    case .idle:
      if isOver(served == 0 ? limits.headerTime : limits.idleTime, since: since) { close(loop) }
    case .head:
      if isOver(limits.headerTime, since: since) { giveUp(.headerTimeout, loop) }
    case .body:
      let earned = Duration.seconds(Double(parser.bodyBytes) / Double(max(1, limits.bodyRate)))
      if isOver(limits.bodyGrace + earned, since: since) { giveUp(.bodyTimeout, loop) }
    }
  }

  private func giveUp(_ error: WireError, _ loop: isolated EventLoop) {
    refuse(error, loop)
    flush(loop)
  }

  /// Closes the connection if it has no request in hand. What the peer has already sent still counts: requests that wait
  /// behind another are taken from the socket now, and the answer to the last of them ends the connection.
  func beginDrain(_ loop: isolated EventLoop) {
    guard phase != .lingering, phase != .closed, !isLast else { return }
    if phase == .reading, outbox.isEmpty {
      receive(loop)
      if phase == .reading, progress == .idle, outbox.isEmpty { close(loop) }
    } else {
      take(loop)
    }
  }

  /// Ends the connection at once.
  func close(_ loop: isolated EventLoop) {
    guard phase != .closed else { return }
    phase = .closed
    pipe?.close()
    pipe = nil
    let sent = outbox.total - outbox.count
    for exchange in exchanges { loop.site.application.completed(exchange.exchange(sent: sent)) }
    exchanges = []
    giveBackBody(loop)
    giveBackAnswer(loop)
    if isBroken { resetOnClose() }
    Glibc.close(descriptor)
    loop.forget(id)
    loop.site.capacity.leave()
  }

  /// Makes `close` reset the connection, so that a peer that reads until the end does not take half for the whole.
  private func resetOnClose() {
    var option = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout.size(ofValue: option)))
  }
}

import HTTPTypes
import Logging

/// How a connection has a request answered: at once on the loop, or by a worker, or as a stream from a worker.
extension Connection {
  func handle(_ request: Request, isHTTP10: Bool, keepsAlive: Bool, _ loop: isolated EventLoop) {
    served += 1
    let manner = ResponseEncoder.Manner(
      isHead: request.method == .head, isHTTP10: isHTTP10,
      keepsAlive: keepsAlive && served < limits.requestsPerConnection)
    let pending = PendingRequest(request: request, peer: peer, manner: manner, began: began)
    guard holdBody(request.body.count, loop) else { return refuse(.overloaded, of: request, loop) }
    phase = .working
    switch loop.site.application.answer(to: request) {
    case .now(let response):
      if ResponseEncoder.producer(of: response, manner) == nil {
        respond(response, to: pending, loop)
      } else {
        work(pending, on: loop.site.workers, loop) { response }
      }
    case .onWorkers(let make): work(pending, on: loop.site.workers, loop, make)
    case .aside(let make): work(pending, on: loop.site.aside, loop, make)
    }
  }

  /// Answers a request whose body will not be read; the connection ends with it.
  func turnAway(_ request: Request, isHTTP10: Bool, with response: Response, _ loop: isolated EventLoop) {
    served += 1
    let manner = ResponseEncoder.Manner(isHead: request.method == .head, isHTTP10: isHTTP10, keepsAlive: false)
    respond(
      response.atHand, to: PendingRequest(request: request, peer: peer, manner: manner, began: began), loop)
  }

  /// Answers what is no request, or what cannot be taken; the connection ends with it.
  func refuse(_ error: WireError, of request: Request? = nil, _ loop: isolated EventLoop) {
    let request = request ?? parser.unfinished
    let manner = ResponseEncoder.Manner(isHead: request?.method == .head, keepsAlive: false)
    let pending = PendingRequest(
      request: request, peer: peer, manner: manner, began: began == 0 ? loop.now : began)
    respond(Self.refusal(error, to: request, loop.site), to: pending, loop)
  }

  /// Puts an answer into the outbox. With a pipe its body follows from there.
  func respond(
    _ response: Response, to pending: PendingRequest, pipe: BodyPipe? = nil, _ loop: isolated EventLoop
  ) {
    var manner = pending.manner
    let framing = ResponseEncoder.framing(of: response, manner)
    if loop.isDraining && parser.progress == .idle || framing == .untilClose { manner.keepsAlive = false }
    if !manner.keepsAlive { isLast = true }
    outbox.gather { loop.encoder.encodeHead(of: response, framing: framing, manner, to: &$0) }
    let bodyStart = outbox.total
    if case .bytes(let bytes) = response.body, framing != .none, !manner.isHead { outbox.append(bytes) }
    let end = pipe == nil ? outbox.total : nil
    exchanges.append(OpenExchange(pending, response, bodyStart: bodyStart, end: end))
    giveBackBody(loop)
    (self.pipe, pipeFraming) = (pipe, framing)
    phase = pipe == nil ? .reading : .streaming
    hasAnswered = true
  }

  /// Tells the application of every answer whose last byte has left.
  func settle(_ loop: isolated EventLoop) {
    let sent = outbox.total - outbox.count
    while let first = exchanges.first, let end = first.end, end <= sent {
      loop.site.application.completed(first.exchange(sent: sent))
      exchanges.removeFirst()
    }
  }

  /// Fetches what a stream has made since; says whether there is something to send.
  func refill(_ loop: isolated EventLoop) -> Bool {
    guard let pipe else { return false }
    let (bytes, ending) = pipe.take()
    let isChunked = pipeFraming == .chunked
    if isChunked, !bytes.isEmpty {
      outbox.gather { ResponseEncoder.encodeChunkSize(bytes.count, to: &$0) }
      outbox.append(bytes)
      outbox.gather { $0.append(contentsOf: ResponseEncoder.chunkEnd) }
    } else {
      outbox.append(bytes)
    }
    guard let ending else { return !bytes.isEmpty }
    if ending == .broken { (isLast, isBroken) = (true, true) }
    if ending == .whole, isChunked { outbox.append(ResponseEncoder.lastChunk) }
    if !exchanges.isEmpty { exchanges[exchanges.count - 1].end = outbox.total }
    self.pipe = nil
    phase = .reading
    return true
  }

  // MARK: Workers

  private func work(
    _ pending: PendingRequest, on workers: Workers, _ loop: isolated EventLoop,
    _ make: @escaping @Sendable () -> Response
  ) {
    let actor: EventLoop = loop
    let isTaken = workers.submit(changes: pending.request?.isSafe == false) { @Sendable [id] in
      actor.work(pending, for: id, make)
    } refuse: { @Sendable [id] in
      let refusal = Self.refusal(.overloaded, to: pending.request, actor.site)
      actor.run { $0.deliver(refusal, to: pending, for: id) }
    }
    if !isTaken { respond(Self.refusal(.overloaded, to: pending.request, loop.site), to: pending, loop) }
  }

  static func refusal(_ error: WireError, to request: Request?, _ site: EventLoop.Site) -> Response {
    var response = site.application.refusal(error, to: request).atHand
    if error == .overloaded, response.headerFields[.retryAfter] == nil {
      response.headerFields[.retryAfter] = "1"
    }
    return response
  }

  // MARK: Memory

  /// Makes the connection hold so many bytes of the memory for bodies; false where there is none left.
  func holdBody(_ count: Int, _ loop: isolated EventLoop) -> Bool {
    guard count > heldBody else { return true }
    guard loop.site.capacity.takeBody(count - heldBody) else { return false }
    heldBody = count
    return true
  }

  /// A long answer, for which memory is held until the peer has taken it: the refusal where too many wait for slow peers.
  fileprivate func holding(_ response: Response, to pending: PendingRequest, _ loop: isolated EventLoop) -> Response {
    guard case .bytes(let bytes) = response.body, !pending.manner.isHead, bytes.count > limits.writeBuffer else {
      return response
    }
    guard loop.site.capacity.takeAnswer(bytes.count) else {
      return Self.refusal(.overloaded, to: pending.request, loop.site)
    }
    heldAnswer += bytes.count
    return response
  }

  func giveBackAnswer(_ loop: isolated EventLoop) {
    guard heldAnswer > 0 else { return }
    loop.site.capacity.giveBackAnswer(heldAnswer)
    heldAnswer = 0
  }

  func giveBackBody(_ loop: isolated EventLoop) {
    guard heldBody > 0 else { return }
    loop.site.capacity.giveBackBody(heldBody)
    heldBody = 0
  }
}

extension EventLoop {
  /// Makes an answer on a worker, and its stream there too; hands both to the connection.
  nonisolated fileprivate func work(_ pending: PendingRequest, for id: Int, _ make: () -> Response) {
    let response = make()
    guard let produce = ResponseEncoder.producer(of: response, pending.manner) else {
      run { $0.deliver(response, to: pending, for: id) }
      return
    }
    guard site.workers.beginStream() else {
      let refusal = Connection.refusal(.overloaded, to: pending.request, site)
      run { $0.deliver(refusal, to: pending, for: id) }
      return
    }
    defer { site.workers.endStream() }
    let pipe = BodyPipe(capacity: site.limits.writeBuffer, length: response.body.length) { @Sendable [self] in
      run { $0.continueStream(of: id) }
    }
    if !run({ $0.deliver(response, to: pending, pipe: pipe, for: id) }) { pipe.close() }
    do {
      try produce(BodyWriter { try pipe.write($0) })
      pipe.finish(.whole)
    } catch {
      if !(error is BodyPipe.PeerGone) { site.logger.error("a streamed answer was cut off: \(error)") }
      pipe.finish(.broken)
    }
  }

  /// Gives an answer to its connection; where that has gone meanwhile, only the application hears of it.
  fileprivate func deliver(_ response: Response, to pending: PendingRequest, pipe: BodyPipe? = nil, for id: Int) {
    guard let connection = connection(id), connection.phase == .working else {
      pipe?.close()
      site.application.completed(OpenExchange(pending, response, bodyStart: 0, end: 0).exchange(sent: 0))
      return
    }
    connection.respond(connection.holding(response, to: pending, self), to: pending, pipe: pipe, self)
    connection.proceed(self)
  }

  private func continueStream(of id: Int) {
    guard let connection = connection(id), connection.phase == .streaming, connection.outbox.isEmpty else {
      return
    }
    connection.proceed(self)
  }
}

extension Response {
  /// The answer without its body where that would have to be made by a worker.
  fileprivate var atHand: Response {
    if case .bytes = body { return self }
    return withoutBody
  }
}

extension Connection {
  /// Sends, and goes on to the next request where this answer is whole.
  fileprivate func proceed(_ loop: isolated EventLoop) {
    flush(loop)
    if phase == .reading, outbox.isEmpty { advance(loop) }
  }
}

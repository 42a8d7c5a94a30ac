import Dispatch
import Locking
import Testing

@testable import HTTP

@Suite("Workers")
struct WorkersTests {
  /// What was done, in order, and work that waits until it may go on.
  private final class Diary: Sendable {
    private let words = Locked<[String]>([])
    private let door = DispatchSemaphore(value: 0)

    func note(_ word: String) { words.withLock { $0.append(word) } }
    var noted: [String] { words.withLock { $0 } }
    func has(_ word: String) -> Bool { eventually { noted.contains(word) } }

    /// A job that notes a word and waits until it is let go.
    func waiting(_ word: String) -> Workers.Job {
      { @Sendable [self] in
        note(word)
        door.wait()
      }
    }
    func quick(_ word: String) -> Workers.Job { { @Sendable [self] in note(word) } }
    func letGo(_ count: Int) { for _ in 0..<count { door.signal() } }
  }

  @Test("those that change something have half of the workers and of the line, and the others go on")
  func halves() {
    let (workers, diary) = (Workers(count: 4, backlog: 4, patience: .seconds(60)), Diary())
    #expect(workers.submit(changes: true, diary.waiting("write 1")) && diary.has("write 1"))
    #expect(workers.submit(changes: true, diary.waiting("write 2")) && diary.has("write 2"))
    for number in 3...4 { #expect(workers.submit(changes: true, diary.quick("write \(number)"))) }
    #expect(!workers.submit(changes: true, diary.quick("write 5")))
    for number in 1...20 { #expect(workers.submit(diary.quick("read \(number)")) && diary.has("read \(number)")) }
    #expect(diary.noted.filter { $0.hasPrefix("write") } == ["write 1", "write 2"])
    diary.letGo(2)
    #expect(diary.has("write 3") && diary.has("write 4"))
    var statistics = ServerStatistics()
    let isDone = eventually {
      workers.write(to: &statistics)
      return statistics.busyWorkers == 0
    }
    #expect(isDone)
    #expect(statistics.refusedRequests == 1 && statistics.waitingRequests == 0)
  }

  @Test("what changes something and stands in the line for too long is refused, once, and never done")
  func patience() {
    let (workers, diary) = (Workers(count: 2, backlog: 8, patience: .milliseconds(200)), Diary())
    #expect(workers.submit(changes: true, diary.waiting("first")) && diary.has("first"))
    #expect(workers.submit(changes: true, diary.quick("second"), refuse: diary.quick("refused")))
    #expect(workers.submit(diary.quick("read")) && diary.has("read"))
    #expect(diary.noted == ["first", "read"])
    #expect(diary.has("refused"))
    diary.letGo(1)
    // Taken up in time, it is done and not refused later.
    #expect(workers.submit(changes: true, diary.quick("third"), refuse: diary.quick("refused")) && diary.has("third"))
    pause(milliseconds: 400)
    #expect(diary.noted == ["first", "read", "refused", "third"])
  }

  @Test("what only reads waits as long as it takes, in order")
  func order() {
    let (workers, diary) = (Workers(count: 1, backlog: 8, patience: .milliseconds(50)), Diary())
    #expect(workers.submit(diary.waiting("first")) && diary.has("first"))
    for word in ["second", "third"] { #expect(workers.submit(diary.quick(word))) }
    pause(milliseconds: 200)
    #expect(diary.noted == ["first"])
    diary.letGo(1)
    #expect(diary.has("third") && diary.noted == ["first", "second", "third"])
  }
}

import Corpus
import Foundation
import Storage
import Testing

@Suite("rostrum import")
struct ImportTests {
  private static func write(_ text: String, _ name: String, in folder: URL) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private static func page(_ number: Int) -> String {
    """
    在全县第\(number)次防汛工作会议上的讲话

    （2020年6月\(1 + number % 28)日）

    同志们：

    今天召开防汛会议，我讲两点意见。

    一、认清形势

    今年第\(number)场雨来得早，水位比去年高。

    二、压实责任

    各乡镇要把堤坝逐段查一遍。

    """
  }

  @Test("takes folders with everything below them, reports, and changes nothing the second time")
  func folder() throws {
    try Program.inFolder { folder in
      for number in 0..<5 { try Self.write(Self.page(number), "pages/\(number % 2)/\(number).txt", in: folder) }
      try Self.write("", "pages/empty.txt", in: folder)
      try Self.write("\u{0}\u{1}\u{2}PNG", "pages/binary.txt", in: folder)
      try Self.write(#"{"text":"今天，","speaker":{"level":7}}"#, "pages/wrong.json", in: folder)
      try Self.write("not a document", "pages/readme.md", in: folder)
      try Self.write("a,b", "pages/1/a.csv", in: folder)
      let first = try Program.run(["import", "--database", "a.sqlite", "pages"], in: folder)
      #expect(first.status == 0)
      #expect(first.output.contains("5 created, 0 revised, 0 unchanged, 3 refused"), "\(first.output)")
      #expect(first.output.contains("passed over, of kinds that are not read: .csv 1"))
      #expect(first.output.contains("wrong.json: The member /speaker/level: "))
      let second = try Program.run(["import", "--database", "a.sqlite", "pages"], in: folder)
      #expect(second.output.contains("0 created, 0 revised, 5 unchanged, 3 refused"))
      let dry = try Program.run(["import", "--database", "b.sqlite", "--dry-run", "pages"], in: folder)
      #expect(dry.output.contains("5 created") && dry.output.contains("dry run"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "b.sqlite").path))
      let known = try Program.run(["import", "--database", "a.sqlite", "--dry-run", "pages"], in: folder)
      #expect(known.output.contains("5 unchanged"))
      #expect(try Program.run(["check", "--database", "a.sqlite"], in: folder).status == 0)
    }
  }

  @Test("looks up who speaks in TEI in the corpus root above its folder, and keeps that with the document")
  func companions() throws {
    try Program.inFolder { folder in
      let tei = #"xmlns="http://www.tei-c.org/ns/1.0""#
      let people = """
        <listOrg><org xml:id="party.X" role="politicalParty"><orgName full="yes">Unua Partio</orgName>\
        <orgName full="abb">UP</orgName></org></listOrg><listPerson><person xml:id="p7"><persName>\
        <surname>Silva</surname><forename>Ana</forename></persName><affiliation role="member" ref="#party.X"/>\
        </person></listPerson>
        """
      try Self.write(
        "<teiCorpus \(tei)><teiHeader><profileDesc>\(people)</profileDesc></teiHeader></teiCorpus>", "c/root.xml",
        in: folder)
      try Self.write(
        ##"<TEI \##(tei) xml:lang="eo"><text><body><u who="#p7"><seg>Bonan tagon al ĉiuj.</seg></u></body></text></TEI>"##,
        "c/2020/day.xml", in: folder)
      let parsed = try Program.run(["parse", "c"], in: folder)
      let line = try #require(parsed.output.split(separator: "\n").first { $0.hasPrefix("{") })
      let speech = try JSONReader.read(Array(line.utf8))
      #expect(speech["speaker"]?["name"] == .string("Ana Silva"))
      #expect(speech["speaker"]?["organisation"] == .string("Unua Partio"))
      #expect(speech["warnings"] == .array([]))
      let imported = try Program.run(["import", "--database", "a.sqlite", "c"], in: folder)
      #expect(imported.output.contains("1 created, 0 revised, 0 unchanged, 1 refused"), "\(imported.output)")
      #expect(imported.output.contains("root of a TEI corpus"), "\(imported.output)")
    }
  }

  @Test("takes one of a plain file and its annotated one, in one folder or in two, and says so")
  func annotated() throws {
    try Program.inFolder { folder in
      let tei = #"<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="eo"><text><body>"#
      func plain(_ day: String) -> String { "\(tei)<u><seg>Bonan \(day) al ĉiuj.</seg></u></body></text></TEI>" }
      func words(_ day: String) -> String {
        "\(tei)<u><seg><s><w>Bonan</w> <w>\(day)</w> <w>al</w> <w join=\"right\">ĉiuj</w><pc>.</pc></s></seg></u>"
          + "</body></text></TEI>"
      }
      try Self.write(plain("tagon"), "one/a.xml", in: folder)
      try Self.write(words("tagon"), "one/a.ana.xml", in: folder)
      try Self.write(words("nokton"), "one/alone.ana.xml", in: folder)
      try Self.write(plain("vesperon"), "two.TEI/2020/b.xml", in: folder)
      try Self.write(words("vesperon"), "two.TEI.ana/2020/b.ana.xml", in: folder)
      let run = try Program.run(["import", "--database", "a.sqlite", "one", "two.TEI", "two.TEI.ana"], in: folder)
      #expect(run.output.contains("3 created"), "\(run.output)")
      #expect(run.output.contains("passed over, annotated files whose plain file is imported: 2"))
      let alone = try Program.run(["import", "--database", "b.sqlite", "two.TEI.ana"], in: folder)
      #expect(alone.output.contains("1 created") && !alone.output.contains("passed over"), "\(alone.output)")
    }
  }

  @Test("tries on documents what is promised of every one")
  func check() throws {
    try Program.inFolder { folder in
      for number in 0..<5 { try Self.write(Self.page(number), "pages/\(number).txt", in: folder) }
      try Self.write("", "pages/empty.txt", in: folder)
      for every in ["1", "3"] {
        let run = try Program.run(["parse", "--check", "--every", every, "pages"], in: folder)
        #expect(run.status == 0)
        #expect(run.output == "6 documents, 5 speeches, 1 refused, all sound\n", "\(run.output)")
      }
    }
  }

  @Test("what was exported is imported again to the same speeches")
  func roundTrip() throws {
    try Program.inFolder { folder in
      for number in 0..<5 { try Self.write(Self.page(number), "pages/\(number).txt", in: folder) }
      _ = try Program.run(["import", "--database", "a.sqlite", "pages"], in: folder)
      _ = try Program.run(["export", "--database", "a.sqlite", "--output", "all.ndjson"], in: folder)
      let again = try Program.run(["import", "--database", "b.sqlite", "all.ndjson"], in: folder)
      #expect(again.output.contains("5 created"), "\(again.output)")
      func texts(_ name: String) throws -> [JSONValue?] {
        try Program.run(["export", "--database", name], in: folder).output.split(separator: "\n").map {
          let speech = try JSONReader.read(Array($0.utf8))
          return .array([
            speech["id"] ?? .null, speech["title"] ?? .null, speech["text"] ?? .null, speech["sections"] ?? .null,
          ])
        }
      }
      #expect(try texts("a.sqlite") == texts("b.sqlite"))
    }
  }

  @Test("a list of records is read part by part, whatever its size, and a mistake in it has its line")
  func longList() throws {
    try Program.inFolder { folder in
      let filler = String(repeating: "春", count: 3_000)
      let lines = (0..<400).map { $0 == 300 ? "{" : #"{"title":"第\#($0)篇","text":"\#($0)\#(filler)"}"# }
      try Self.write(lines.joined(separator: "\n"), "all.ndjson", in: folder)
      let run = try Program.run(
        ["import", "--database", "a.sqlite", "all.ndjson"], in: folder,
        environment: ["ROSTRUM_MAX_DOCUMENT_BYTES": "100000"])
      #expect(run.output.contains("399 created") && run.output.contains("1 refused"), "\(run.output)")
      #expect(run.output.contains("all.ndjson (line 301)"))
      let piped = try Program.run(
        ["import", "--database", "b.sqlite", "--type", "application/x-ndjson", "-"], in: folder,
        environment: ["ROSTRUM_MAX_DOCUMENT_BYTES": "100000"], input: "all.ndjson")
      #expect(piped.output.contains("399 created") && piped.output.contains("- (line 301)"), "\(piped.output)")
    }
  }

  @Test("mistakes of the caller are told by name")
  func mistakes() throws {
    try Program.inFolder { folder in
      try Self.write(Self.page(1), "a.txt", in: folder)
      let missing = try Program.run(["import", "--database", "a.sqlite", "nowhere.txt"], in: folder)
      #expect(missing.status == 1 && missing.output.contains("refused: nowhere.txt: There is no such file."))
      let unopenable = try Program.run(["import", "--database", "no/such/folder/a.sqlite", "a.txt"], in: folder)
      #expect(unopenable.status != 0 && unopenable.errors.contains("No such file"))
      let large = folder.appending(path: "large.txt")
      #expect(FileManager.default.createFile(atPath: large.path, contents: nil))
      #expect(truncate(large.path, 200 << 20) == 0)
      let refused = try Program.run(["import", "--database", "a.sqlite", "large.txt"], in: folder)
      #expect(refused.output.contains("209715200") && refused.output.contains("16777216"), "\(refused.output)")
      let folderPath = folder.appending(path: "pipe").path
      #expect(mkfifo(folderPath, 0o600) == 0)
      #expect(
        try Program.run(["import", "--database", "a.sqlite", "pipe"], in: folder).output.contains("no regular file"))
      let setting = try Program.run(["serve"], in: folder, environment: ["ROSTRUM_PORT": "eighty"])
      #expect(setting.status != 0 && setting.errors.contains("ROSTRUM_PORT"))
    }
  }

  @Test("killed at any moment it loses nothing that it reported, and the next start is clean", .timeLimit(.minutes(20)))
  func killed() throws {
    try Program.inFolder { folder in
      // More than are kept at once, so that there is a middle to be killed in.
      let count = 2_500
      let records = (0..<count).map { #"{"text":"今年第\#($0)场雨来得早。"}"# }
      try Self.write(records.joined(separator: "\n"), "all.ndjson", in: folder)
      let start = Date()
      _ = try Program.run(["import", "--database", "whole.sqlite", "all.ndjson"], in: folder)
      var whole = Date().timeIntervalSince(start)
      var killed = 0
      var interrupted = 0
      var round = 0
      // Some rounds are over before they are killed; they do not count.
      while killed < 25, round < 100 {
        round += 1
        let database = folder.appending(path: "\(round).sqlite").path
        let process = try Program.start(["import", "--verbose", "--database", database, "all.ndjson"], in: folder)
        let (begun, moment) = (Date(), Double.random(in: 0..<whole))
        while process.isRunning, Date().timeIntervalSince(begun) < moment { usleep(1_000) }
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
        } else {
          // Other tests may have had a part in what the one before took.
          whole = Date().timeIntervalSince(begun)
        }
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { killed += 1 }
        // The last line may be half written; a line is a report once it is whole.
        let lines = try Program.text("out", in: folder).split(separator: "\n", omittingEmptySubsequences: false)
          .dropLast()
        let reported = lines.compactMap { line -> SpeechID? in
          let parts = line.split(separator: "\t")
          return parts.first == "created" && parts.count > 1 ? SpeechID(String(parts[1])) : nil
        }
        if !reported.isEmpty, reported.count < count { interrupted += 1 }
        let store = try Store(path: database)
        #expect(try IntegrityRepository(store).check() == [])
        for id in reported {
          guard case .found = try SpeechRepository(store).identity(of: id) else {
            Issue.record("\(id.text) was reported and is lost")
            continue
          }
        }
        try store.close()
        for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: database + suffix) }
      }
      #expect(killed >= 25, "only \(killed) of \(round) rounds were killed")
      #expect(interrupted > 0, "no round was killed in the middle of its work")
    }
  }
}

import Corpus
import Storage
import TestSupport
import Testing

@Suite("Checking a database")
struct IntegrityRepositoryTests {
  @Test(
    "finds what was changed behind its back",
    arguments: [
      "UPDATE revision SET text = replace(text, '春', '秋')",
      "UPDATE section SET span_end = span_end - 1 WHERE path = '1'",
      "DELETE FROM section WHERE path = 'closing'",
      "UPDATE source SET bytes = x'00'",
      "UPDATE card SET json = replace(json, '讲话', '致辞')",
      "DELETE FROM card",
      "DELETE FROM change WHERE corpus_revision = 1",
      "UPDATE speech SET revision = 7",
    ])
  func damage(sql: String) throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"), TestStore.reading("b"))
    #expect(try IntegrityRepository(test.store).check() == [])
    try test.store.execute(sql)
    #expect(try !IntegrityRepository(test.store).check().isEmpty)
  }

  @Test(
    "finds an index that is not of the texts",
    arguments: [
      ("DELETE FROM search_document WHERE speech = 1", "search does not know it"),
      ("UPDATE search_document SET nodes = x'0100' WHERE speech = 1", "divides it otherwise"),
      ("UPDATE search_document SET nodes = CAST(nodes || x'0100' AS BLOB) WHERE speech = 2", "divides it otherwise"),
      ("UPDATE search_document SET revision = 1 WHERE speech = 1", "search knows revision 1 of it"),
      ("DELETE FROM search_document WHERE speech = 2", "belong to no speech"),
      (
        "INSERT INTO search_dead (document) SELECT document FROM search_document WHERE speech = 2", "other tokens of it"
      ),
      ("DELETE FROM search_segment", "other tokens of it"),
      ("UPDATE search_block SET content = substr(content, 1, length(content) - 1)", "is damaged"),
      ("UPDATE search_block SET content = CAST(x'FFFFFFFF' || content AS BLOB)", "is damaged"),
      (
        "UPDATE search_block SET content = CAST(substr(content, 1, 1) || x'21' || substr(content, 3) AS BLOB)",
        "other tokens of it"
      ),
      ("DELETE FROM search_term", "does not say where its blocks begin"),
      ("UPDATE search_term SET term = CAST(x'21' || term AS BLOB)", "does not say where its blocks begin"),
      ("UPDATE search_state SET version = 'old'", "another version"),
      ("UPDATE search_state SET rebuilt = 1", "has not been made"),
      (
        """
        INSERT INTO search_document (speech, revision, nodes)
          SELECT 3, 1, nodes FROM search_document WHERE speech = 2;
        """, "1 speeches that are not there"
      ),
    ])
  func index(sql: String, detail: String) throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"), TestStore.reading("b"), TestStore.reading("gone"))
    try test.keep(TestStore.reading("a", .make(title: "改过的题目"), bytes: "改"))
    #expect(try ImportRepository(test.store).delete(TestStore.reading("gone").id, at: test.time))
    #expect(try IntegrityRepository(test.store).check() == [])
    try test.store.execute(sql)
    let findings = try IntegrityRepository(test.store).check()
    #expect(findings.contains { $0.detail.contains(detail) }, "\(findings)")
  }

  @Test("finds terms that are not found, whichever it tries")
  func tokens() throws {
    let test = try TestStore()
    var speech = Speech.make()
    // Pairs of characters that make several blocks.
    speech.text = String(String.UnicodeScalarView((0x4E00..<0x5600).compactMap { Unicode.Scalar($0 as UInt32) }))
    speech.sections = [Section(kind: .body, span: Span(0, 0x800))]
    speech.title = "一丁"
    for address in "abcdefgh" { try test.keep(TestStore.reading("\(address)", speech)) }
    // The blocks are as they should be, and every way leads to the last one.
    try test.store.execute("UPDATE search_term SET term = x'00'")
    #expect(try IntegrityRepository(test.store).check().contains { $0.detail.contains("and the index has 0 in 0") })
  }

  @Test("tells of a row that was left in the index, also where what it tries stands in that row")
  func leftBehind() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"), TestStore.reading("gone"))
    // Taken out by a hand that forgot the index.
    try test.store.execute("DELETE FROM search_document WHERE speech = 2")
    #expect(try ImportRepository(test.store).delete(TestStore.reading("gone").id, at: test.time))
    let findings = try IntegrityRepository(test.store).check()
    #expect(findings.contains { $0.detail.contains("belong to no speech") }, "\(findings)")
  }

  @Test("tells of a document of the index whose revision is not there")
  func missingRevision() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    try test.store.execute("UPDATE search_document SET revision = 7")
    let findings = try IntegrityRepository(test.store).check()
    #expect(findings.contains { $0.detail.contains("search knows revision 7 of it") }, "\(findings)")
  }

  @Test("a collection that lists ids is no fault")
  func collection() throws {
    let test = try TestStore()
    try test.keep(TestStore.reading("a"))
    let collections = CollectionRepository(test.store) { _ in SpeechFilter() }
    _ = try collections.put(
      SpeechCollection(
        slug: "chungeng", title: "春耕", description: nil, rule: .ids([TestStore.reading("a").id.text]),
        createdAt: test.time, updatedAt: test.time))
    #expect(try IntegrityRepository(test.store).check() == [])
  }
}

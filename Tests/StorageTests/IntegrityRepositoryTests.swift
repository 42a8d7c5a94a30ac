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
}

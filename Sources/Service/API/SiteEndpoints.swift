import Corpus
import HTTP
import Interchange
import Storage

extension Site {
  /// What the service offers over a store, but for what it tells of itself.
  /// - Parameters:
  ///   - now: the time, ISO 8601 in UTC.
  ///   - forget: gives up the answers that are kept, when something was taken out for good.
  static func endpoints(
    over store: Store, _ options: Options, health: HealthRoutes, imports metrics: ImportMetrics,
    now: @escaping @Sendable () -> String, forget: @escaping @Sendable () -> Void
  ) -> [Endpoint] {
    let (deadline, language) = (options.queryDeadline, options.language)
    let cards = CardRepository(store, deadline: deadline, pinyin: language.pinyin)
    let speeches = SpeechRepository(store)
    let exports = ExportRepository(store, deadline: deadline, language: language)
    let searches = SearchRepository(store, deadline: deadline, language: language)
    let collections = CollectionRepository(store, deadline: deadline, read: SpeechCollection.filter)
    let snapshots = SnapshotRepository(store)
    let imports = ImportRepository(store)

    var endpoints = DocumentationRoutes.endpoints + health.endpoints
    endpoints +=
      CorpusRoutes(
        overview: OverviewRepository(store, deadline: deadline), cards: cards,
        changes: ChangeRepository(store, deadline: deadline), snapshots: snapshots, exports: exports,
        collections: collections, pinyin: language.pinyin
      ).endpoints
    endpoints +=
      SpeechListRoutes(cards: cards, searches: searches, collections: collections, exports: exports).endpoints
    endpoints += SearchRoutes(searches: searches, collections: collections).endpoints
    endpoints += SpeechRoutes(cards: cards, speeches: speeches, collections: collections).endpoints
    endpoints += ComparisonRoutes(speeches: speeches).endpoints
    endpoints += TextRoutes(speeches: speeches).endpoints
    endpoints += CitationRoutes(speeches: speeches, publicAddress: options.publicAddress).endpoints
    endpoints +=
      RelatedRoutes(related: RelatedRepository(store, deadline: deadline, lexicon: language.lexicon)).endpoints
    endpoints += FamilyRoutes(families: FamilyRepository(store, deadline: deadline)).endpoints
    endpoints += CollectionRoutes(collections: collections, now: now).endpoints
    endpoints +=
      ImportRoutes(
        imports: imports, purges: PurgeRepository(store),
        forget: {
          forget()
          snapshots.forget()
        }, cards: cards, speeches: speeches, collections: collections,
        reader: DocumentReader(maximumBytes: options.maximumDocumentBytes, maximumRecords: 10_000),
        metrics: metrics, now: now
      ).endpoints
    endpoints +=
      CorrectionRoutes(imports: imports, cards: cards, speeches: speeches, collections: collections, now: now).endpoints
    return endpoints
  }
}

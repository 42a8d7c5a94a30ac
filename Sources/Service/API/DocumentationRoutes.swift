import Corpus
import Foundation
import HTTP
import HTTPTypes
import Pages

/// `/docs`: a page that explains the API from its own description and lets one try it; `/` leads browsers there.
enum DocumentationRoutes {
  static let endpoints = [
    Endpoint(
      .get, "/", name: "getRoot",
      summary: "Leads a browser to the page of the API, others to the API; whatever the query.",
      formats: [], access: .open, acceptsAnyQuery: true,
      results: [.init(302, "`/docs` for whoever prefers `text/html`, else `/v1`.")],
      handler: .quick { call in
        let negotiation = Negotiation(accept: call.request.headerFields[.accept] ?? "*/*")
        let prefersPage = negotiation.quality(of: "text/html") > negotiation.quality(of: "application/json")
        return .now(
          Response(status: .found, headerFields: [.location: prefersPage ? "/docs" : "/v1", .vary: "Accept"]))
      }),
    Endpoint(
      .get, "/docs", name: "getDocumentation", summary: "A page that explains the API and lets one try it.",
      formats: [.html], access: .open, results: [.init(200, "The page; it needs nothing but `/openapi.json`.")],
      handler: .quick { _ in
        .now(
          Response(
            status: .ok,
            headerFields: [.contentType: Format.html.contentType, .contentSecurityPolicy: policy], body: .bytes(page)
          ).tagged(tag))
      }),
  ]

  private static let page = Array(
    Pages.documentation.replacing("/*style*/", with: Pages.style).replacing("/*script*/", with: Pages.script).utf8)
  private static let tag = page.sha256

  /// What stands in the page may run, and may ask this server; nothing else may.
  private static let policy = """
    default-src 'none'; script-src \(source(of: Pages.script)); style-src \(source(of: Pages.style)); connect-src 'self'; \
    img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """

  /// A text as a policy names it (Content Security Policy Level 3, §2.3.1).
  private static func source(of text: String) -> String {
    "'sha256-\(Data(SHA256.digest(of: Array(text.utf8))).base64EncodedString())'"
  }
}

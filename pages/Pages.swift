/// The files of this folder, as data in the binary.
public enum Pages {
  /// The page that explains the API: HTML with places for its style and its script.
  public static let documentation = text(PackageResources.docs_html)
  /// Its style.
  public static let style = text(PackageResources.docs_css)
  /// Its script.
  public static let script = text(PackageResources.docs_js + PackageResources.try_js)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

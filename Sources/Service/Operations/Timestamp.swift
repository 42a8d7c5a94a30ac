import Foundation

/// Times as the API gives them.
public enum Timestamp {
  /// Now, ISO 8601 in UTC with seconds.
  public static var now: String { Date().formatted(.iso8601) }
}

/// The version of the program.
public enum Version {
  /// As in the changelog.
  public static let text = "0.1.0"
}

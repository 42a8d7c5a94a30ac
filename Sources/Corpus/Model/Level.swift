/// The level of government or kind of organisation that a speaker speaks for.
public enum Level: String, CaseIterable, Sendable {
  case central, provincial, prefecture, county, township, village
  case school, enterprise, association, foreign
}

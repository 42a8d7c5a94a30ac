/// A member that is written as null where it is absent.
@propertyWrapper
struct Nullable<Value: Codable & Sendable>: Codable, Sendable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

// The compiler takes these for the members above, so that strings and numbers go the short way.
extension KeyedDecodingContainer {
  func decode(_ type: Nullable<String>.Type, forKey key: Key) throws -> Nullable<String> {
    Nullable(wrappedValue: try decodeIfPresent(String.self, forKey: key))
  }

  func decode(_ type: Nullable<Int>.Type, forKey key: Key) throws -> Nullable<Int> {
    Nullable(wrappedValue: try decodeIfPresent(Int.self, forKey: key))
  }
}

extension KeyedEncodingContainer {
  mutating func encode(_ value: Nullable<String>, forKey key: Key) throws {
    if let value = value.wrappedValue { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }

  mutating func encode(_ value: Nullable<Int>, forKey key: Key) throws {
    if let value = value.wrappedValue { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }
}

/// A value of any kind, as `metadata` may hold it.
enum FreeValue: Codable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([FreeValue])
  case object([String: FreeValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode([FreeValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: FreeValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }
}

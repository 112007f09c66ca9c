/// A fact about the machine, or the reason why it is not known. Never a zero that stands for nothing.
package enum Finding<Value: Sendable>: Sendable {
  case found(Value)
  case absent(String)

  /// The value of the body, or the reason that it threw.
  package init(_ body: () throws -> Value) {
    do {
      self = .found(try body())
    } catch let absence as Absence {
      self = .absent(absence.reason)
    } catch {
      self = .absent("\(error)")
    }
  }

  package var value: Value? {
    if case .found(let value) = self { value } else { nil }
  }

  /// Why there is no value.
  package var reason: String? {
    if case .absent(let reason) = self { reason } else { nil }
  }

  package func map<Other>(_ transform: (Value) throws -> Other) -> Finding<Other> {
    switch self {
    case .found(let value): Finding<Other> { try transform(value) }
    case .absent(let reason): .absent(reason)
    }
  }
}

extension Finding: Equatable where Value: Equatable {}

private enum FindingKey: String, CodingKey { case absent }

/// In JSON the bare value, or `{"absent": "why"}`.
extension Finding: Encodable where Value: Encodable {
  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .found(let value):
      try value.encode(to: encoder)
    case .absent(let reason):
      var container = encoder.container(keyedBy: FindingKey.self)
      try container.encode(reason, forKey: .absent)
    }
  }
}

extension Finding: Decodable where Value: Decodable {
  package init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: FindingKey.self), container.contains(.absent) {
      self = .absent(try container.decode(String.self, forKey: .absent))
    } else {
      self = .found(try Value(from: decoder))
    }
  }
}

/// Why something could not be read.
package struct Absence: Error, Equatable, Sendable {
  package enum Cause: Sendable {
    /// There is no such file.
    case missing
    /// There is one, and this user may not read it.
    case forbidden
    /// It could not be read for another reason.
    case unreadable
    /// It was read and makes no sense.
    case malformed
  }

  package let cause: Cause
  package let reason: String

  package init(_ cause: Cause, _ reason: String) {
    self.cause = cause
    self.reason = reason
  }
}

/// What one call of an operation costs by definition: the unpadded shape, one multiply-add as two flops, each byte once.
package struct OperationCost: Codable, Sendable, Equatable {
  package var flops: Int
  package var bytesRead: Int
  package var bytesWritten: Int

  package init(flops: Int = 0, bytesRead: Int = 0, bytesWritten: Int = 0) {
    self.flops = flops
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
  }

  package static let zero = OperationCost()

  package static func + (a: Self, b: Self) -> Self {
    Self(flops: a.flops + b.flops, bytesRead: a.bytesRead + b.bytesRead, bytesWritten: a.bytesWritten + b.bytesWritten)
  }
  package static func += (a: inout Self, b: Self) { a = a + b }
  package static func * (a: Self, times: Int) -> Self {
    Self(flops: a.flops * times, bytesRead: a.bytesRead * times, bytesWritten: a.bytesWritten * times)
  }
}

/// The classes that accounts and reports sum costs by.
package enum OperationClass: String, CaseIterable, Codable, Sendable {
  case embedding, norm, matmul, rotation, attention, activation, head, sampling
}

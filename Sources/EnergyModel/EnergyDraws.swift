import Glibc
import Statistics

/// Machines that may be the one at hand, a column for each thing that is not known: the entries i of all columns together
/// are one machine. An estimate looks at the same machines whatever is fixed, so that two of its intervals differ by what
/// was fixed and not by chance.
struct EnergyDraws: Sendable {
  /// A factor and its quantile function.
  typealias Unknown = (factor: EnergyFactor, value: (_ probability: Double) -> Double)

  /// Enough for shares of an interval's width that are right within two points; 2.5 and 97.5 % are whole ranks of it.
  static let standardCount = 4001

  let count: Int
  private var columns: [EnergyFactor: [Double]]
  private var middles: [EnergyFactor: Double]

  /// With each factor drawn independently of the others.
  ///
  /// Points are multiples of the powers of 1/x, where x^(d+1) = x + 1 in d dimensions, modulo 1: a Kronecker sequence
  /// (Niederreiter, Random Number Generation and Quasi-Monte Carlo Methods, SIAM 1992, chapter 3), which fills the cube
  /// evenly where random points cluster, and needs no seed.
  init(_ unknowns: [Unknown], count: Int = standardCount) {
    var ratio = 1.5
    for _ in 0..<64 { ratio = pow(1 + ratio, 1 / Double(unknowns.count + 1)) }
    self.count = count
    (columns, middles) = ([:], [:])
    for (dimension, unknown) in unknowns.enumerated() {
      let step = pow(ratio, -Double(dimension + 1))
      middles[unknown.factor] = unknown.value(0.5)
      columns[unknown.factor] = (0..<count).map { index in
        let place = 0.5 + Double(index + 1) * step
        return unknown.value(place - place.rounded(.down))
      }
    }
  }

  /// With draws of coefficients that were made together, and what is independent of them.
  init(_ coefficients: [EnergyVector], and unknowns: [Unknown]) {
    self.init(unknowns, count: coefficients.count)
    for term in EnergyTerm.allCases {
      let column = coefficients.map { $0[term] }
      columns[.term(term)] = column
      middles[.term(term)] = column.sorted()[count / 2]
    }
  }

  subscript(factor: EnergyFactor) -> [Double]? { columns[factor] }

  /// The same machines if a factor were known, and were in the middle of what is believed.
  func fixing(_ factor: EnergyFactor) -> EnergyDraws {
    var draws = self
    for known in factor == .calibration ? EnergyTerm.allCases.map(EnergyFactor.term) : [factor] {
      if let middle = middles[known] { draws.columns[known] = Array(repeating: middle, count: count) }
    }
    return draws
  }
}

extension Spread {
  /// Standard normal deviates in the middles of equal parts of the probability: finding one anew takes a microsecond.
  private static let deviates = (0..<EnergyDraws.standardCount).map { part in
    Normal.quantile((Double(part) + 0.5) / Double(EnergyDraws.standardCount))
  }

  /// The quantile of a probability from 0 to below 1, by the part that it lies in.
  func value(of probability: Double) -> Double {
    value(at: Self.deviates[Int(probability * Double(Self.deviates.count))])
  }
}

extension [Double] {
  /// The value of a rank, in ascending order from 0: by Hoare's find (Communications of the ACM 4, 1961), with the pivot
  /// from a sample, at the rank's place or a little nearer to the middle, so that few passes are needed at the ends.
  func value(ofRank rank: Int) -> Double {
    var copy = self
    return copy.withUnsafeMutableBufferPointer { values in
      var (first, last) = (0, values.count - 1)
      while first < last {
        var pivot = values[first + (last - first) / 2]
        if last - first > 500 {
          let sample = stride(from: first, through: last, by: (last - first) / 32).map { values[$0] }.sorted()
          let place = (rank - first) * 32 / (last - first)
          pivot = sample[place < 16 ? place + 1 : place - 1]
        }
        var (low, high) = (first, last)
        while low <= high {
          while values[low] < pivot { low += 1 }
          while pivot < values[high] { high -= 1 }
          if low <= high {
            values.swapAt(low, high)
            low += 1
            high -= 1
          }
        }
        if rank <= high { last = high } else if rank >= low { first = low } else { break }
      }
      return values[rank]
    }
  }
}

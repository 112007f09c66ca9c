import KernelContract
import Kernels
import Machine

/// The roofs of a piece of work, measured beside it: reading, which a decode step does once with every weight, and the operations
/// of the kernels that a prefill takes.
package struct WindowRoofs: Sendable, Equatable {
  /// The median of the best number of streams.
  package var readBytesPerSecond: Double
  /// The operations in a second that each probe reached, by the probe's identity.
  package var flopsPerSecond: [KernelIdentity: Double]

  package init(readBytesPerSecond: Double, flopsPerSecond: [KernelIdentity: Double] = [:]) {
    self.readBytesPerSecond = readBytesPerSecond
    self.flopsPerSecond = flopsPerSecond
  }

  /// About half a second, most of it to touch memory that no cache holds.
  package static func measure(
    threads: Int, peaks: [PeakProbe], on machine: MachineDescription, pace: RoofPace = .brief
  ) -> Finding<WindowRoofs> {
    Finding {
      guard let reading = KernelList.usableStreams.first(where: { $0.traffic == .read }) else {
        throw Absence(.missing, "no kernel reads memory")
      }
      let buffer = ProbeBuffer.choose(threads: threads, on: machine)
      let memory = try ProbeMemory(bytes: threads * buffer.bytesPerThread)
      let reads = [4, 8].map {
        RoofWork(
          reading, streams: $0, bytes: buffer.bytesPerThread, chunkBytes: 2 << 20, memory: memory,
          bytesPerThread: buffer.bytesPerThread)
      }
      let works = reads + peaks.map { RoofWork($0, pace) }
      let times = LockstepProbe.measure(
        works.map(\.work), threads: threads, rounds: pace.rounds, secondsEach: pace.secondsEach
      ) { memory.touch(thread: $0, bytesPerThread: buffer.bytesPerThread) }
      guard let times = times.value else { throw Absence(.unreadable, times.reason ?? "") }
      let rates = try zip(works, times).map { work, seconds in
        try RoofFigure.rate(of: seconds, amount: work.amount * Double(threads)).estimate.value
      }
      return WindowRoofs(
        readBytesPerSecond: rates[..<reads.count].max() ?? 0,
        flopsPerSecond: Dictionary(
          zip(peaks.map(\.identity), rates[reads.count...]), uniquingKeysWith: { max($0, $1) }))
    }
  }

  /// The roof of one probe alone.
  package static func flopsPerSecond(
    threads: Int, isa: InstructionSet, type: ActivationFormat, pace: RoofPace = .brief
  ) -> Finding<Double> {
    guard let probe = KernelList.usablePeaks.first(where: { $0.isa == isa && $0.type == type }) else {
      return .absent("\(isa.rawValue) has no arithmetic on \(type.rawValue) here")
    }
    let work = RoofWork(probe, pace)
    return LockstepProbe.measure([work.work], threads: threads, rounds: pace.rounds, secondsEach: pace.secondsEach)
      .map { try RoofFigure.rate(of: $0[0], amount: work.amount * Double(threads)).estimate.value }
  }

  /// What no product among some kernels exceeds; nil where one of them has no roof that was measured.
  package func flopsPerSecond(kernels: Set<KernelIdentity>) -> Double? {
    let roofs = KernelList.peaks(of: kernels).map { flopsPerSecond[$0.identity] }
    return roofs.contains(nil) ? nil : roofs.compactMap(\.self).max()
  }
}

import EnergyModel
import Engine
import Glibc
import KernelContract
import Kernels
import Machine
import Metering
import Records

/// What a calibration runs: each load stresses one way of spending energy.
extension CalibrationCampaign {
  private static let idleWork: Work = ([:], 0, 1...1)

  func loads() throws -> [Load] {
    let all = EngineSettings.standard(on: machine).threads
    var loads: [Load] = [
      (
        "idle",
        { seconds in
          usleep(useconds_t(seconds * 1e6))
          return Self.idleWork
        }
      )
    ]
    for threads in Set([1, max(1, all / 2), all]).sorted() {
      loads.append(
        (
          "spin on \(threads)",
          { seconds in
            guard LoadThreads.spin(threads: threads, seconds: seconds) else { throw Self.noThreads(threads) }
            return Self.idleWork
          }
        ))
    }
    let cache = machine.lastLevelCache?.bytes ?? 32 << 20
    let probe = KernelList.usableStreams.first { $0.traffic == .read }!  // every instruction set has one
    let inner = machine.caches.filter { $0.level == 2 }.map(\.bytes).min() ?? 1 << 20
    for (name, bytes, share) in [("memory", 2 * cache / all + (64 << 20), 1.0), ("cache", inner / 2, 0)] {
      loads.append(
        (
          name,
          { seconds in
            let read = LoadThreads.read(threads: all, bytesPerThread: bytes, seconds: seconds) { base, bytes in
              probe.run(.init(base: base, streams: 1, streamStride: 0, arrayStride: 0, bytes: bytes))
            }
            guard let read else { throw Self.noThreads(all) }
            return ([:], read, share...share)
          }
        ))
    }
    return loads + (try engineLoads())
  }

  private static func noThreads(_ count: Int) -> CampaignError {
    CampaignError(.machine, "\(count) threads with memory of their own cannot be had; free some memory")
  }

  /// Prompts with each kind of product, and tokens after them, of the standard model.
  private func engineLoads() throws -> [Load] {
    var settings = EngineSettings.standard(on: machine)
    let workbench = try Workbench(.standard, settings: settings, machine: machine)
    let runners = Runners(
      workbench, seed: seed, cancellation: cancellation, timekeeper: instruments.timekeeper)
    return try ([.f32, .bf16, .int8] as [ActivationMode]).flatMap { activations -> [Load] in
      settings.activations = activations
      let runner = try runners.runner(for: EngineNeeds(settings, contextLength: Self.promptTokens + Self.steps))
      let prompts: Load = (
        "prompts in \(activations.rawValue)",
        { seconds in
          try work(runner, seconds, RunShape(phase: .prefill, promptTokens: Self.promptTokens))
        }
      )
      let tokens: Load = (
        "tokens",
        { seconds in
          try work(
            runner, seconds,
            RunShape(phase: .decode, generatedTokens: Self.steps, contextTokens: Self.promptTokens))
        }
      )
      return activations == .int8 ? [prompts, tokens] : [prompts]
    }
  }

  private static let promptTokens = 256
  private static let steps = 16

  private func work(_ runner: PhaseRunner, _ seconds: Double, _ shape: RunShape) throws -> Work {
    let watch = Stopwatch(instruments.timekeeper)
    var work = Self.idleWork
    repeat {
      let run = try runner.run(shape)
      let activity = EnergyActivity(run, weightBytes: runner.model.weightBytes, on: machine)
      work.operations.merge(activity.operations) { $0 + $1 }
      work.bytes += activity.bytes
      work.memoryShare = activity.memoryShare
    } while watch.elapsed.value < seconds
    return work
  }
}

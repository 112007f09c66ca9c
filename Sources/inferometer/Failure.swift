import Campaign
import Engine
import KernelTiming
import Kernels
import Metering
import Model
import Pricing
import Records

/// How the command ended, as its exit status says it.
enum ExitCode: Int32 {
  case done = 0
  case failure = 1
  case regression = 2
  case baselineMissing = 5
  /// BSD's sysexits.h: the command line cannot be followed; the data cannot be used.
  case usage = 64
  case badData = 65
  case interrupted = 130
}

/// An end that is not success, with the line that says why; without one where all was said.
struct Failure: Error {
  let code: ExitCode
  let message: String?

  init(_ code: ExitCode, _ message: String? = nil) {
    self.code = code
    self.message = message
  }

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case is UsageError, is KernelSelectionError, is KernelTimingError, is PricingError: self.init(.usage, "\(error)")
    case is GGUFError, is ModelError, is MeterLogError: self.init(.badData, "\(error)")
    case let error as CampaignError:
      switch error.cause {
      case .request: self.init(.usage, error.description)
      case .data: self.init(.badData, error.description)
      case .machine: self.init(.failure, error.description)
      }
    default: self.init(.failure, "\(error)")
    }
  }
}

/// Runs what reads a file, so that all that goes wrong there is the file's fault.
func reading<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let failure as Failure {
    throw failure
  } catch {
    throw Failure(.badData, "\(error)")
  }
}

import Dynamics
import Experiment
import Kernels
import MPI
import Model
import Plasticity
import ResultStore
import Sweep
import Tasks

/// What an error means to the shell: 64 usage, 65 bad sweep file or damaged data, 69 locked by a living run, 70
/// internal, 71 no memory (`ScalarMemory`), 74 input and output, 75 drained.
public struct Failure {
  public var code: Int32
  public var message: String

  /// nil for errors of the argument parser, which speaks for itself.
  public init?(_ error: any Error) {
    switch error {
    case let error as SweepFileError: self.init(65, error)
    case let error as SettingsProblem: self.init(65, error)
    case let error as TaskError: self.init(65, error)
    case let error as StoreError: self.init(error.exitCode, error)
    case let error as SweepError: self.init(error.exitCode, error)
    case let error as MPIError: self.init(70, error)
    case let error as MessageError: self.init(70, error)
    case let error as SIMDLevelError: self.init(64, error)
    case let error as UsageError: self.init(64, error)
    case let error as RivalError: self.init(65, error)
    case let error as ContenderError: self.init(64, error)
    case let error as DynamicsError: self.init(65, error)
    case let error as OutputError: self.init(74, error)
    default: return nil
    }
  }

  private init(_ code: Int32, _ error: any Error) {
    self.code = code
    message = "\(error)"
  }

  /// The exit code for any error.
  public static func code(of error: any Error) -> Int32 { Failure(error)?.code ?? 70 }
}

/// The command line asks for something that does not exist.
public struct UsageError: Error, CustomStringConvertible, Equatable {
  public var description: String
  public init(_ description: String) { self.description = description }
}

import ArgumentParser
import Launch

extension RanksPerCell: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { self == .auto ? "auto" : "\(number)" }
}

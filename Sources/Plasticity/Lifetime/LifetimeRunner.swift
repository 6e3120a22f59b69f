import Model

/// One lifetime to run: in which network, under which rule, and what it is asked for.
public struct LifetimeJob: Sendable {
  public var address: LifetimeAddress
  public var rule: Rule
  public var request: LifetimeRequest

  public init(_ address: LifetimeAddress, _ rule: Rule, _ request: LifetimeRequest = LifetimeRequest()) {
    self.address = address
    self.rule = rule
    self.request = request
  }
}

/// Runs lifetimes of one task and method in buffers that it keeps. Not for use from two threads.
public protocol LifetimeRunner: AnyObject {
  var method: Method { get }
  /// One lifetime.
  /// - Parameter record: called after every trial that did not diverge.
  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest,
    record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome
  /// Lifetimes, side by side where that is faster: by job what `run` gives for it alone, to the bit.
  func run(_ jobs: [LifetimeJob]) -> [LifetimeOutcome]
  /// How many lifetimes with such a request are best handed over together.
  func width(of request: LifetimeRequest) -> Int
  /// The fixed part of that lifetime's network in Double: W0 (N x N), Win (N x M), Wout (K x N).
  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double])
}

extension LifetimeRunner {
  public func run(_ jobs: [LifetimeJob]) -> [LifetimeOutcome] {
    jobs.map { run($0.address, rule: $0.rule, request: $0.request) }
  }

  public func width(of request: LifetimeRequest) -> Int { 1 }

  public func run(_ address: LifetimeAddress, rule: Rule, request: LifetimeRequest = LifetimeRequest())
    -> LifetimeOutcome
  {
    run(address, rule: rule, request: request, record: nil)
  }

  /// The weights that a lifetime begins with, in the order of `TrialRecord.weights`.
  func startWeights(_ address: LifetimeAddress) -> [Double] {
    let network = network(address)
    return network.weights + (method.plastic.contains(.input) ? network.inputWeights : [])
      + (method.plastic.contains(.readout) ? network.readout : [])
  }
}

extension Array {
  /// The elements in order in the fewest parts of at most `size`, as equal as possible.
  func parts(of size: Int) -> [ArraySlice<Element>] {
    let parts = (count + size - 1) / size
    return (0..<parts).map { self[count * $0 / parts..<count * ($0 + 1) / parts] }
  }
}

import Plasticity
import Sweep

/// A sweep's group of ranks as the team that Plasticity splits work over.
final class GroupTeam: Team {
  private let group: any Group
  private let beat: (() throws -> Void)?

  init(_ group: any Group, pulse: (() throws -> Void)?) {
    self.group = group
    beat = pulse
  }

  var member: Int { group.member }
  var size: Int { group.size }
  func gather(_ numbers: [Double]) throws -> [[Double]] { try group.gather(numbers) }
  func pulse() throws { try beat?() }
}

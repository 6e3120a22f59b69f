import Foundation
import Glibc
import TestSupport

/// The processes of a sweep that runs, found by its file's name.
extension TinySweep {
  /// The mpirun of this sweep.
  func launcher() throws -> pid_t {
    guard let pid = processes().first(where: { $0.command.first?.hasSuffix("mpirun") == true })?.pid else {
      throw ProcessFailure("no mpirun runs \(file)")
    }
    return pid
  }

  /// Process by rank.
  func ranks() -> [Int: pid_t] {
    var result: [Int: pid_t] = [:]
    for process in processes() where process.command.first?.hasSuffix("trifactor") == true {
      if let rank = process.environment["OMPI_COMM_WORLD_RANK"].flatMap({ Int($0) }) {
        result[rank] = process.pid
      }
    }
    return result
  }

  /// Ranks outlive a killed mpirun by up to three seconds.
  func waitForRanks() throws {
    for _ in 0..<200 where !processes().isEmpty { usleep(100_000) }
    for process in processes() { kill(process.pid, SIGKILL) }
  }

  struct Found {
    var pid: pid_t
    var command: [String]
    var environment: [String: String]
  }

  /// Every living process whose command line names the sweep's file, or `name`, by /proc.
  func processes(naming name: String? = nil) -> [Found] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.compactMap { pid in
      let command = words("/proc/\(pid)/cmdline")
      guard command.contains(name ?? file), !command[0].hasSuffix("timeout") else { return nil }
      let environment = words("/proc/\(pid)/environ").map {
        $0.split(separator: "=", maxSplits: 1).map(String.init)
      }
      return Found(
        pid: pid, command: command,
        environment: Dictionary(
          environment.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { a, _ in a }))
    }
  }

  private func words(_ path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}

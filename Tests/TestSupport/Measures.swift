import Foundation
import Glibc

/// Seconds that the calling thread has computed: what something takes where nothing else runs.
public func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Highest memory of a process so far, in bytes.
public func peakMemory(of process: pid_t = getpid()) throws -> Int {
  let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
  guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
  else { throw ProcessFailure("/proc/\(process)/status does not say VmHWM") }
  return kilobytes * 1024
}

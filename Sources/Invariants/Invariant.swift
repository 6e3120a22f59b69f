import Glibc

/// Stops the program where something that must hold does not: a mistake in this program, not in what it was given.
///
/// Swift drops the text of `precondition` from optimised builds, so a release build would die without a word. This one
/// writes its sentence to standard error, with file, line, rank and host, and then traps.
/// - Parameters:
///   - condition: what must hold.
///   - sentence: what is wrong, with the numbers; made only where the condition fails.
@inlinable @inline(__always)
public func invariant(
  _ condition: @autoclosure () -> Bool, _ sentence: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { brokenInvariant(sentence(), file: file, line: line) }
}

/// Stops the program at a place that cannot be reached; see `invariant`.
@inline(never)
public func brokenInvariant(_ sentence: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  let place = launcherRank.map { "rank \($0) on host \(hostName())" } ?? "host \(hostName())"
  fatalError(
    "trifactor, \(place): \(sentence)\n"
      + "This is a mistake in trifactor, not in your files; please report it with the command that led to it.",
    file: file, line: line)
}

/// The rank that a launcher has told this process; nil without a launcher.
private var launcherRank: String? {
  for variable in ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID"] {
    if let value = getenv(variable) { return String(cString: value) }
  }
  return nil
}

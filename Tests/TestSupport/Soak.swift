import Foundation

/// `make soak` runs the fault tests at their full counts; `make test` a scaled version of each.
public enum Soak {
  /// True where TRIFACTOR_SOAK is set.
  public static let isOn = ProcessInfo.processInfo.environment["TRIFACTOR_SOAK"] != nil
}

/// Says what a test has tried and found, in one line that can be copied: prints it, and adds it to the file that
/// TRIFACTOR_FIGURES names, which `make soak` shows at its end.
public func figure(_ line: String) {
  print(line)
  guard let path = ProcessInfo.processInfo.environment["TRIFACTOR_FIGURES"],
    let file = fopen(path, "a")
  else { return }
  fputs(line + "\n", file)
  fclose(file)
}

import ResultStore
import Sweep
import Tasks

/// Reads a task given as arrays in an NPZ file: u (C, T, M) or (C, S, T, M), y likewise with K, window (T) or (C, T), dt
/// in ms, and if wanted weight (C), name, and the names of conditions (condition) and channels (channel).
struct ArrayReading {
  private let file: String
  private let bytes: [UInt8]
  private let archive: NPZContent
  private static let known = ["u", "y", "window", "dt", "weight", "name", "condition", "channel"]
  /// Most numbers of u and of y.
  private static let mostValues = 1 << 27

  init(bytes: [UInt8], file: String) throws {
    self.file = file
    self.bytes = bytes
    do { archive = try NPZContent(bytes) } catch let error as NPYError {
      throw SweepFileError(
        file: file, place: nil, problem: "this is no task: \(error)", advice: Self.advice)
    }
    for name in archive.files.keys.sorted() where !Self.known.contains(name) {
      let near = Suggestion.nearest(to: name, among: Self.known)
      throw refusal(
        "unknown array '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }

  private static let advice =
    "A task has the arrays u, y, window and dt, and may have weight, name, condition and channel; "
    + "`trifactor tasks NAME --draw FILE.npz` writes an example."

  private func refusal(_ problem: String, advice: String = Self.advice) -> SweepFileError {
    SweepFileError(file: file, place: nil, problem: problem, advice: advice)
  }

  private func array(_ name: String) throws -> NPYContent? {
    do { return try archive.array(name) } catch let error as NPYError { throw refusal("\(error)") }
  }

  private func numbers(_ name: String, _ array: NPYContent, in range: ClosedRange<Double>) throws -> [Double]
  {
    guard let values = array.numbers else {
      throw refusal("'\(name)' holds text; wanted: numbers")
    }
    if let place = values.firstIndex(where: { !range.contains($0) }) {
      throw refusal(
        "'\(name)' holds \(values[place]) at \(Self.index(place, array.shape)); wanted: finite numbers from "
          + "\(shortestText(of: range.lowerBound)) to \(shortestText(of: range.upperBound))")
    }
    return values
  }

  /// `[1, 0, 7]`, the place of a value in C order.
  private static func index(_ place: Int, _ shape: [Int]) -> String {
    var rest = place
    var index: [Int] = []
    for extent in shape.reversed() {
      index.insert(rest % max(1, extent), at: 0)
      rest /= max(1, extent)
    }
    return "\(index)"
  }

  func taskFile() throws -> TaskFile {
    let arrays = try taskArrays()
    let digest = CanonicalForm.key(of: canonical(arrays))
    return TaskFile(
      name: arrays.name, digest: digest,
      parts: [TaskFile.Part(asked: file, kept: "task.npz", bytes: bytes)], step: arrays.step, content: arrays
    ) { _, _, time in
      TaskShape(of: try ArrayTask(arrays, time: TimeGrid(time)))
    }
  }

  /// Sizes, step and the digests of the arrays as they are used; not how the file packs them.
  private func canonical(_ arrays: TaskArrays) -> String {
    func digest(_ values: [Float]) -> String {
      values.withUnsafeBytes { ContentDigest.hex(of: $0) }
    }
    return """
      task-arrays=1
      name=\(arrays.name)
      shape=\([arrays.conditions, arrays.samples, arrays.steps, arrays.inputs, arrays.outputs])
      step=\(arrays.step)
      u=\(digest(arrays.values))
      y=\(digest(arrays.targets))
      windows=\(arrays.windows)
      weights=\(arrays.weights)

      """
  }

  private func taskArrays() throws -> TaskArrays {
    func need(_ name: String) throws -> NPYContent {
      guard let array = try array(name) else {
        let found = archive.files.keys.sorted()
        throw refusal(
          "the array '\(name)' is missing; it has " + (found.isEmpty ? "none" : found.joined(separator: ", "))
        )
      }
      return array
    }
    let (u, y) = (try need("u"), try need("y"))
    for (name, array, last) in [("u", u, "M"), ("y", y, "K")] {
      guard [3, 4].contains(array.shape.count), array.count > 0, array.count <= Self.mostValues else {
        throw refusal(
          "'\(name)' has the shape \(array.shape); wanted: (C, T, \(last)) or (C, S, T, \(last)), none of them 0, at "
            + "most \(Self.mostValues) numbers")
      }
    }
    guard u.shape.dropLast() == y.shape.dropLast() else {
      throw refusal(
        "'u' has the shape \(u.shape) and 'y' \(y.shape); wanted: the same but for the last extent")
    }
    let conditions = u.shape[0]
    let samples = u.shape.count == 4 ? u.shape[1] : 1
    let steps = u.shape[u.shape.count - 2]
    guard conditions <= 65_536, steps <= 1_000_000 else {
      throw refusal("\(conditions) conditions of \(steps) steps; wanted: at most 65536 of 1000000")
    }
    let values = try numbers("u", u, in: -1e6...1e6).map { Float($0) }
    let targets = try numbers("y", y, in: -1e3...1e3).map { Float($0) }
    let dt = try need("dt")
    guard dt.count == 1, let step = try numbers("dt", dt, in: 1e-3...1e6).first else {
      throw refusal("'dt' has the shape \(dt.shape); wanted: one number, the step in ms")
    }
    return TaskArrays(
      name: try name(), step: step, conditions: conditions, samples: samples, steps: steps,
      inputs: u.shape.last!, outputs: y.shape.last!, values: values, targets: targets,
      windows: try windows(need("window"), conditions: conditions, steps: steps),
      weights: try weights(conditions), conditionNames: try names("condition", count: conditions),
      channelNames: try names("channel", count: u.shape.last!))
  }

  private func windows(_ array: NPYContent, conditions: Int, steps: Int) throws -> [Range<Int>] {
    guard array.shape == [steps] || array.shape == [conditions, steps] else {
      throw refusal(
        "'window' has the shape \(array.shape); wanted: (T) or (C, T), here [\(steps)] or [\(conditions), \(steps)]"
      )
    }
    let values = try numbers("window", array, in: 0...1)
    let rows = try (0..<values.count / steps).map { row -> Range<Int> in
      let marks = values[row * steps..<(row + 1) * steps]
      guard marks.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw refusal("'window' holds other numbers than 0 and 1")
      }
      guard let first = marks.firstIndex(of: 1), let last = marks.lastIndex(of: 1) else {
        throw refusal("'window' of condition \(row) is empty; wanted: at least one step")
      }
      guard marks[first...last].allSatisfy({ $0 == 1 }) else {
        throw refusal("'window' of condition \(row) has a gap; wanted: one stretch of steps")
      }
      return (first - marks.startIndex)..<(last - marks.startIndex + 1)
    }
    return rows.count == 1 ? Array(repeating: rows[0], count: conditions) : rows
  }

  private func weights(_ conditions: Int) throws -> [Double] {
    guard let array = try array("weight") else { return Array(repeating: 1, count: conditions) }
    guard array.shape == [conditions] else {
      throw refusal("'weight' has the shape \(array.shape); wanted: (C), here [\(conditions)]")
    }
    let weights = try numbers("weight", array, in: 1e-6...1e6)
    guard weights.max()! <= 1000 * weights.min()! else {
      throw refusal(
        "'weight' goes from \(weights.min()!) to \(weights.max()!); wanted: a ratio of at most 1000")
    }
    return weights
  }

  /// Names by condition or channel; numbers, as `--draw` writes them, are no names.
  private func names(_ what: String, count: Int) throws -> [String] {
    guard let array = try array(what) else { return [] }
    guard array.shape == [count] else {
      throw refusal("'\(what)' has the shape \(array.shape); wanted: [\(count)]")
    }
    if case .texts(let names) = array.values { return names }
    return []
  }

  private func name() throws -> String {
    guard let array = try array("name") else { return "arrays" }
    let allowed = { (c: Character) in c.isASCII && (c.isLetter || c.isNumber || "-_.".contains(c)) }
    guard case .texts(let texts) = array.values, texts.count == 1, let name = texts.first, !name.isEmpty,
      name.count <= 60, name.allSatisfy(allowed), name.first != ".", !TaskFile.isPath(name)
    else {
      throw refusal("'name' is no name; wanted: letters, digits, -, _ and . (at most 60)")
    }
    return name
  }
}

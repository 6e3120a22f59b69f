/// A table of texts, before it is set as plain text, Markdown or LaTeX: a heading line, blocks of rows apart
/// from each other, and notes.
package struct Grid {
  var title: String
  var heading: [String]
  var blocks: [[[String]]]
  var notes: [String]

  /// Columns padded to their widest text, blocks apart by a rule.
  func text() -> String {
    let rows = [heading] + blocks.flatMap { $0 }
    let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      let joined = padded.joined(separator: "   ")
      return String(joined.reversed().drop { $0 == " " }.reversed())
    }
    let rule = String(repeating: "-", count: widths.reduce(0, +) + 3 * (widths.count - 1))
    var lines = [title, "", line(heading)]
    for block in blocks where !block.isEmpty { lines += [rule] + block.map(line) }
    return (lines + [""] + notes).joined(separator: "\n") + "\n"
  }

  func markdown() -> String {
    func line(_ row: [String]) -> String {
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    var lines = ["**\(title)**", "", line(heading), "|" + heading.map { _ in " --- |" }.joined()]
    lines += blocks.flatMap { $0 }.map(line)
    return (lines + [""] + notes.map { "- \($0)" }).joined(separator: "\n") + "\n"
  }

  /// A `tabular` for the booktabs package; title and notes are comments.
  func latex() -> String {
    func escaped(_ text: String) -> String {
      var result = ""
      for character in text {
        switch character {
        case "\\": result += "\\textbackslash{}"
        case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
        case "~": result += "\\textasciitilde{}"
        case "^": result += "\\textasciicircum{}"
        case "<", ">": result += "$\(character)$"
        default: result.append(character)
        }
      }
      return result
    }
    func line(_ row: [String]) -> String {
      // Braces keep a leading [ from being read as the optional length of the \\ before it.
      row.map { "{" + escaped($0) + "}" }.joined(separator: " & ") + " \\\\"
    }
    // A message of several lines stays one comment.
    var lines = ([title] + notes).map { "% " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    lines += ["% needs \\usepackage{booktabs}"]
    lines += [
      "\\begin{tabular}{l\(String(repeating: "l", count: heading.count - 1))}", "\\toprule", line(heading),
    ]
    for block in blocks where !block.isEmpty { lines += ["\\midrule"] + block.map(line) }
    return (lines + ["\\bottomrule", "\\end{tabular}"]).joined(separator: "\n") + "\n"
  }
}

/// For the JSON: what a reader of the text sees, so that a report can show the same. Notes have fields of their own.
extension Grid: Encodable {
  private enum CodingKeys: String, CodingKey { case title, heading, rows, references }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .title)
    try container.encode(heading, forKey: .heading)
    try container.encode(blocks.first ?? [], forKey: .rows)
    try container.encode(blocks.dropFirst().flatMap { $0 }, forKey: .references)
  }
}

/// Comma-separated lines (RFC 4180, with newlines alone).
func printedCSV(_ lines: [[String]]) -> String {
  func field(_ text: String) -> String {
    text.contains(where: { ",\"\n\r".contains($0) }) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
  return lines.map { $0.map(field).joined(separator: ",") + "\n" }.joined()
}

/// A number with so many decimals, halves away from 0: how every table and report here writes it.
public func printed(_ value: Double, decimals: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "-" : value < 0 ? "-inf" : "inf" }
  let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
  let rounded = (abs(value) * scale).rounded()
  guard rounded < 0x1p53 else { return String(value) }
  let digits = String(Int(rounded))
  let sign = value < 0 && rounded > 0 ? "-" : ""
  guard decimals > 0 else { return sign + digits }
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}

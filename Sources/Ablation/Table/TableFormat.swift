import Model

/// The formats that `table` and `compare` print.
public enum TableFormat: String, Sendable, CaseIterable {
  case text, markdown, csv, latex, json
}

/// What is printed as a grid for people, and as CSV or JSON for programs.
package protocol PrintedTable: Encodable {
  /// The text, Markdown and LaTeX of it.
  var grid: Grid { get }
  /// A line of names, then one line a row.
  var csvLines: [[String]] { get }
}

extension PrintedTable {
  /// The table in one of its formats, ending in a newline.
  package func printed(as format: TableFormat) throws -> String {
    switch format {
    case .text: grid.text()
    case .markdown: grid.markdown()
    case .latex: grid.latex()
    case .json: try printedJSON(self)
    case .csv: printedCSV(csvLines)
    }
  }
}

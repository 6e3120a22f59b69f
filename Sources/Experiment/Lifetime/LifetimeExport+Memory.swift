import Sweep

extension LifetimeExport {
  /// Bytes that an export of the cell holds at least: xi and W, u, y, kicks and the derivatives of every trial, in
  /// Double.
  public static func bytes(of cell: Cell) throws -> Double {
    let configuration = try CellConfiguration(cell.settings)
    let units = Double(cell.settings.network.units)
    let coefficients = Double(cell.settings.rule.shape.coefficients)
    let trial = configuration.tasks.map { task in
      2 * units * units + Double(task.steps) * (Double(task.inputs + task.outputs) + units) + coefficients
    }
    return 8 * Double(cell.settings.trials) * (trial.max() ?? 0)
  }
}

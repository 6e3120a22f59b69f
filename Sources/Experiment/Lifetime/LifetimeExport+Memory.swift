import Sweep

extension LifetimeExport {
  /// Bytes that an export of the cell holds at least: xi and W, u, y, kicks and the derivatives of every trial, in
  /// Double.
  public static func bytes(of cell: Cell) throws -> Double {
    let configuration = try CellConfiguration(cell.settings)
    let units = Double(cell.settings.network.units)
    let coefficients = Double(cell.settings.rule.shape.coefficients)
    let plastic = configuration.method.plastic
    let trial = configuration.tasks.map { task in
      let others =
        (plastic.contains(.input) ? task.inputs : 0) + (plastic.contains(.readout) ? task.outputs : 0)
      return 2 * units * (units + Double(others)) + Double(task.steps)
        * (Double(task.inputs + task.outputs) + units) + coefficients
    }
    return 8 * Double(cell.settings.trials) * (trial.max() ?? 0)
  }
}

import Model
import Plasticity
import Sweep
import TaskFiles
import Tasks

/// The settings that a sweep file may have, with the tasks of this program.
extension SettingsSchema {
  public static let trifactor = SettingsSchema(
    tasks: TaskCatalogue.descriptions.map { TaskEntry($0) },
    rules: HandMadeRule.all.map { rule in
      let entries = rule.entries.map { ThetaEntry(Term(k: Int($0[0]), l: Int($0[1])), value: $0[2]) }
      return RuleEntry(name: rule.name, theta: entries)
    }, taskReader: TaskReading.reader)
}

extension TaskEntry {
  init(_ description: TaskDescription) {
    let name = description.name
    self.init(
      name: name, forms: description.forms,
      options: Dictionary(uniqueKeysWithValues: description.options.map { ($0.name, $0.standard.numbers) })
    ) { form, options, time in
      let task = try TaskCatalogue.make(
        name: name, form: form, options: options, time: TimeGrid(step: time.step, trial: time.trial))
      return TaskShape(of: task)
    }
  }
}

extension OptionValue {
  var numbers: [Double] {
    switch self {
    case .number(let value): [value]
    case .numbers(let values): values
    }
  }
}

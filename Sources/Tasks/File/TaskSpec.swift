/// A task as its file describes it, with names resolved to places; `FileTask` is compiled from it.
///
/// A trial is a row of `conditions`, drawn by weight, with further draws. Every quantity of a trial lies in a *column*:
/// first come the columns that rows give, then those that are drawn. Times are ms of the task's own length.
public struct TaskSpec: Sendable, Equatable {
  public var name: String
  /// The paper, empty where the file names none.
  public var source: String
  public var inputs: [String]
  public var outputs: [String]
  public var periods: [Period]
  public var shows: [Show]
  /// Names of all columns: `rowColumns` that rows give, then one for each of `draws`.
  public var columns: [String]
  public var rowColumns: Int
  public var draws: [DrawnColumn]
  public var conditions: [Row]
  public var curves: [Curve]
  /// Groups of row columns that are shuffled among the rows once a lifetime; the columns of a group stay together.
  public var redraws: [[Int]]
  /// Column of each output.
  public var targets: [Int]
  /// The response window, as periods.
  public var respond: Range<Int>
  /// Sections that draw, in the order of the file: the order of their draws.
  public var order: [DrawSection]

  public init(
    name: String, source: String = "", inputs: [String], outputs: [String], periods: [Period], shows: [Show],
    columns: [String], rowColumns: Int, draws: [DrawnColumn] = [], conditions: [Row], curves: [Curve] = [],
    redraws: [[Int]] = [], targets: [Int], respond: Range<Int>, order: [DrawSection] = DrawSection.allCases
  ) {
    self.name = name
    self.source = source
    self.inputs = inputs
    self.outputs = outputs
    self.periods = periods
    self.shows = shows
    self.columns = columns
    self.rowColumns = rowColumns
    self.draws = draws
    self.conditions = conditions
    self.curves = curves
    self.redraws = redraws
    self.targets = targets
    self.respond = respond
    self.order = order
  }

  public struct Period: Sendable, Equatable {
    public var name: String
    public var duration: Quantity
    public init(_ name: String, _ duration: Quantity) {
      self.name = name
      self.duration = duration
    }
  }

  /// A number, or one drawn every trial.
  public enum Quantity: Sendable, Equatable {
    case fixed(Double)
    case choice([Double])
    case uniform(Double, Double)

    public var largest: Double {
      switch self {
      case .fixed(let value): value
      case .choice(let values): values.max()!
      case .uniform(_, let high): high
      }
    }
    public var smallest: Double {
      switch self {
      case .fixed(let value): value
      case .choice(let values): values.min()!
      case .uniform(let low, _): low
      }
    }
  }

  /// Something shown on a channel during some periods. Several entries on one channel add up.
  public struct Show: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
      case channel(Int)
      /// The channel that a column names.
      case column(Int)
    }
    public enum Value: Sendable, Equatable {
      case number(Double)
      case column(Int)
    }
    public var channel: Place
    public var value: Value
    /// s in sqrt(ms): the noise of a step has deviation s / sqrt(dt).
    public var noise: Double
    /// Places of periods, rising.
    public var during: [Int]
    public init(channel: Place, value: Value = .number(1), noise: Double = 0, during: [Int]) {
      self.channel = channel
      self.value = value
      self.noise = noise
      self.during = during
    }
  }

  /// What a column holds.
  public enum Entry: Sendable, Equatable {
    case number(Double)
    /// An input channel; `none` is no channel at all.
    case channel(Int)
    case none
    case curve(Int)
    /// What the row has in another column.
    case column(Int)
  }

  /// A column that rows do not give.
  public struct DrawnColumn: Sendable, Equatable {
    public enum Draw: Sendable, Equatable {
      case choice([Entry])
      case uniform(Double, Double)
    }
    public var draw: Draw
    public var isPerLifetime: Bool
    public init(_ draw: Draw, isPerLifetime: Bool) {
      self.draw = draw
      self.isPerLifetime = isPerLifetime
    }
  }

  public struct Row: Sendable, Equatable {
    /// By row column.
    public var entries: [Entry]
    public var weight: Double
    public init(_ entries: [Entry], weight: Double = 1) {
      self.entries = entries
      self.weight = weight
    }
  }

  /// A trajectory over the response window, with v in [0, 1) the time within it.
  public struct Curve: Sendable, Equatable {
    public enum Shape: Sendable, Equatable {
      /// The mean of `count` sinusoids sin(2 pi (f v + a)), f uniform in cycles, a uniform, drawn once a lifetime.
      case sines(count: Int, low: Double, high: Double)
      /// Samples from the first to the last step of the window, interpolated between them.
      case samples([Double])
    }
    public var name: String
    public var shape: Shape
    public init(_ name: String, _ shape: Shape) {
      self.name = name
      self.shape = shape
    }
  }

  public enum DrawSection: String, Sendable, Equatable, CaseIterable { case curves, periods, columns, redraw }
}

/// A task that can be made by name: it describes itself and builds itself from a checked request.
public protocol CatalogueTask: LearningTask {
  /// Name, forms and options as sweep files may state them.
  static var listing: TaskDescription { get }
  /// Makes the task for the form, options and time grid of `request`; throws `TaskError` where they do not fit.
  init(_ request: TaskRequest) throws
  /// For each variable that the target depends on, the best policy that ignores it; at least one. The best of them is the
  /// `shortcut`.
  var shortcuts: [Shortcut] { get }
  /// The best policy given everything the network is shown; its accuracy is `ceiling`.
  var idealObserver: Policy { get }
}

extension CatalogueTask {
  public static var name: String { listing.name }
}

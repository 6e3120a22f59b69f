/// A task that can be made by name: it describes itself and builds itself from a checked request.
public protocol CatalogueTask: LearningTask {
  /// Name, forms and options as sweep files may state them.
  static var listing: TaskDescription { get }
  /// Makes the task for the form, options and time grid of `request`; throws `TaskError` where they do not fit.
  init(_ request: TaskRequest) throws
}

extension CatalogueTask {
  public static var name: String { listing.name }
}

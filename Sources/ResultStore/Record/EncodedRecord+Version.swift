extension EncodedRecord {
  /// The same record in the present version; fields that it lacked have no value.
  func inPresentVersion() throws -> EncodedRecord {
    guard !schema.isCurrent else { return self }
    return try inPresentVersion(as: kind.row)
  }

  private func inPresentVersion<Row: StoredRecord>(as row: Row.Type) throws -> EncodedRecord {
    try Row(self).encoded(shape: shape)
  }
}

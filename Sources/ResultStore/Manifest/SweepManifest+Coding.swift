import Foundation

/// `sweep.json`: one line with a checksum, then the rest of one JSON object.
///
///     {"crc32": "89abcdef",
///     "cells": [...], "common": {...}, "format": 1, ...}
///
/// The checksum covers every byte after the first line. Settings that all cells share stand once, under
/// `common`.
extension SweepManifest {
  private struct File: Codable {
    var format: Int
    var name: String
    var question: String
    var simd: String
    var common: [String: ManifestValue]
    var cells: [Cell]
    var retired: [String]?
    var history: [Past]?
    var launches: [Provenance]
  }

  private struct Cell: Codable {
    var key: String
    var settings: [String: ManifestValue]
    var chance: Double
    var shortcut: Double
    /// null where it is unknown.
    var ceiling: Double?
  }

  private struct Past: Codable {
    var launches: Int
    var common: [String: ManifestValue]
    var cells: [Cell]
  }

  private struct FormatOnly: Codable { var format: Int }

  private static let opening = "{\"crc32\": \""
  private static let closing = "\",\n"

  /// The bytes of the file; the same manifest gives the same bytes.
  public func encoded() throws -> [UInt8] {
    let (common, own) = Self.written(cells)
    let past = history.map { plan in
      let (common, own) = Self.written(plan.cells)
      return Past(launches: plan.launches, common: common, cells: own)
    }
    let file = File(
      format: Self.format, name: name, question: question, simd: simd, common: common, cells: own,
      retired: retired.isEmpty ? nil : retired.map(hex), history: past.isEmpty ? nil : past,
      launches: launches)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body: [UInt8]
    do { body = try Array(encoder.encode(file).dropFirst()) + [0x0A] } catch {
      throw StoreError(.internal, "the plan cannot be written as JSON: \(error)")
    }
    let digits = hex(UInt64(Checksum.crc32(body))).suffix(8)
    return Array((Self.opening + digits + Self.closing).utf8) + body
  }

  /// - Parameter path: named in errors.
  /// - Throws: `StoreError` (damaged) for bytes that do not match their checksum and for a newer format.
  public init(decoding bytes: [UInt8], path: String) throws {
    let opening = Array(Self.opening.utf8)
    let closing = Array(Self.closing.utf8)
    let length = opening.count + 8 + closing.count
    let advice =
      "Restore it from a copy, or move it aside and run the sweep again into the same folder: what is "
      + "stored is found by the keys of its cells"
    guard bytes.count > length, bytes.starts(with: opening),
      Array(bytes[(length - closing.count)..<length]) == closing,
      let crc = UInt32(String(decoding: bytes[opening.count..<opening.count + 8], as: UTF8.self), radix: 16)
    else { throw StoreError(.damaged, "\(path): it does not begin with its checksum. \(advice)") }
    let seen = bytes.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[length...])) }
    guard seen == crc else {
      throw StoreError(
        .damaged,
        "\(path): damaged or edited: its checksum is \(hex(UInt64(seen)).suffix(8)), not "
          + "\(hex(UInt64(crc)).suffix(8)). \(advice)")
    }
    // The newline before the body becomes the brace that the first line has taken.
    var data = Data(bytes[(length - 1)...])
    data[data.startIndex] = UInt8(ascii: "{")
    func newer(_ format: Int) -> StoreError {
      StoreError(
        .damaged,
        "\(path): format \(format), written by a newer trifactor; this one reads up to \(Self.format). "
          + "Use the newer program")
    }
    let file: File
    do { file = try JSONDecoder().decode(File.self, from: data) } catch let error as DecodingError {
      // A newer format may lack what this one needs.
      if let format = try? JSONDecoder().decode(FormatOnly.self, from: data).format, format > Self.format {
        throw newer(format)
      }
      throw StoreError(.damaged, "\(path): its checksum holds, but it is not a sweep plan: \(error)")
    }
    guard file.format <= Self.format else { throw newer(file.format) }
    func key(_ text: String) throws -> UInt64 {
      guard text.utf8.count == 16, let key = UInt64(text, radix: 16) else {
        throw StoreError(.damaged, "\(path): cell key '\(text)' is not 16 hex digits")
      }
      return key
    }
    func read(_ cells: [Cell], _ common: [String: ManifestValue]) throws -> [ManifestCell] {
      try cells.map { cell in
        ManifestCell(
          key: try key(cell.key), settings: CellSettings(common: common, own: cell.settings),
          chance: cell.chance, shortcut: cell.shortcut, ceiling: cell.ceiling ?? .nan)
      }
    }
    self.init(
      name: file.name, question: file.question, simd: file.simd, cells: try read(file.cells, file.common),
      retired: try (file.retired ?? []).map(key), launches: file.launches)
    history = try (file.history ?? []).map { past in
      EarlierPlan(launches: past.launches, cells: try read(past.cells, past.common))
    }
  }

  /// The cells as the file has them: what they have in common stands once.
  private static func written(_ cells: [ManifestCell]) -> (common: [String: ManifestValue], own: [Cell]) {
    let common = commonSettings(of: cells)
    return (
      common,
      cells.map { cell in
        Cell(
          key: hex(cell.key), settings: cell.settings.all.filter { common[$0.key] == nil },
          chance: cell.chance,
          shortcut: cell.shortcut, ceiling: cell.ceiling.isFinite ? cell.ceiling : nil)
      }
    )
  }

  /// The settings that all cells have in common.
  static func commonSettings(of cells: [ManifestCell]) -> [String: ManifestValue] {
    guard let first = cells.first else { return [:] }
    var common = first.settings.all
    for cell in cells.dropFirst() where !common.isEmpty {
      for (path, value) in common where cell.settings[path] != value { common[path] = nil }
    }
    return common
  }
}

import Foundation
import ResultStore

/// A folder of results as a Process Run Crate 0.5, a profile of RO-Crate 1.1: what ran which program on which files, as
/// `ro-crate-metadata.json` for repositories of data (https://w3id.org/ro/wfrun/process/0.5).
///
/// Every launch of the sweep is an action: trifactor in its version is the instrument, the sweep file and the task files
/// are its objects, the records its result. The same folder gives the same bytes.
public struct RunCrate {
  public static let fileName = "ro-crate-metadata.json"
  static let specification = "https://w3id.org/ro/crate/1.1"
  static let profile = "https://w3id.org/ro/wfrun/process/0.5"

  public var manifest: SweepManifest
  public var content: FolderContent
  /// Names of people.
  public var authors: [String]
  /// An identifier of SPDX, such as CC-BY-4.0, or an address.
  public var license: String?

  public init(manifest: SweepManifest, content: FolderContent, authors: [String] = [], license: String? = nil)
  {
    self.manifest = manifest
    self.content = content
    self.authors = authors
    self.license = license
  }

  /// The metadata file.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = Document(context: Self.specification + "/context", graph: entities)
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }

  private struct Document: Encodable {
    var context: String
    var graph: [Entity]
    enum CodingKeys: String, CodingKey { case context = "@context", graph = "@graph" }
  }

  var entities: [Entity] {
    [descriptor, root, Entity(Self.profile, "CreativeWork", name: "Process Run Crate", ["version": "0.5"])]
      + licenseEntity + people + programs + manifest.launches.indices.map(action) + fileEntities
  }

  private var descriptor: Entity {
    Entity(
      Self.fileName, "CreativeWork", ["about": .one("./"), "conformsTo": .one(Self.specification)])
  }

  private var root: Entity {
    let launches = manifest.launches
    var entity = Entity(
      "./", "Dataset", name: manifest.name,
      [
        "conformsTo": .one(Self.profile), "hasPart": .several(files.map(Self.name)),
        "mentions": .several(launches.indices.map(Self.actionName)),
        "description": .text(
          manifest.question.isEmpty
            ? "Results of the trifactor sweep \(manifest.name), \(manifest.cells.count) cells"
            : manifest.question),
      ])
    entity["datePublished"] = launches.last.map { .text(Self.time($0.ended ?? $0.started)) }
    entity["license"] = licenseName.map { .one($0) }
    entity["author"] = authors.isEmpty ? nil : .several(people.map(\.id))
    return entity
  }

  // MARK: who and what

  private var licenseName: String? {
    license.map { $0.contains("://") ? $0 : "https://spdx.org/licenses/" + $0 }
  }

  private var licenseEntity: [Entity] {
    guard let license, let licenseName else { return [] }
    return [Entity(licenseName, "CreativeWork", name: license, ["description": "The licence of the results"])]
  }

  private var people: [Entity] {
    authors.enumerated().map { number, name in Entity("#author-\(number + 1)", "Person", name: name) }
  }

  /// One for each version that has launched the sweep.
  private var programs: [Entity] {
    var seen: Set<String> = []
    return manifest.launches.filter { seen.insert(Self.programName($0)).inserted }.map { launch in
      Entity(
        Self.programName(launch), "SoftwareApplication", name: "trifactor",
        [
          "softwareVersion": .text(
            "\(launch.version), commit \(launch.commit)"
              + (launch.dirty ? " with changes that are not committed" : "")),
          "url": "https://arxiv.org/abs/2512.09366",
          "description":
            "Meta-learns three-factor plasticity rules for recurrent networks; the url is its method",
        ])
    }
  }

  /// The commit's identifier, which needs no register, where the program is a commit.
  private static func programName(_ launch: Provenance) -> String {
    launch.commit.count == 40 && !launch.dirty
      ? "swh:1:rev:\(launch.commit)"
      : "#trifactor-\(launch.version)-\(launch.commit)" + (launch.dirty ? "-changed" : "")
  }

  /// ISO 8601 with the zone as a number, as validators of the profile want it.
  private static func time(_ text: String) -> String {
    text.hasSuffix("Z") ? text.dropLast() + "+00:00" : text
  }

  private static func actionName(_ launch: Int) -> String { "#launch-\(launch)" }

  private func action(_ number: Int) -> Entity {
    let launch = manifest.launches[number]
    let ranks = launch.ranks == 1 ? "1 rank" : "\(launch.ranks) ranks"
    let machine = [
      "\(ranks) on \(launch.host)", launch.cpu, "SIMD \(launch.simd)",
      "OpenBLAS \(launch.blas)", "MPI \(launch.mpi)", launch.job.map { "job \($0)" },
    ]
    var entity = Entity(
      Self.actionName(number), "CreateAction", name: "launch \(number) of the sweep \(manifest.name)",
      [
        "description": .text(
          launch.command.joined(separator: " ") + "; "
            + machine.compactMap(\.self).joined(separator: ", ")),
        "instrument": .one(Self.programName(launch)), "startTime": .text(Self.time(launch.started)),
        "object": .several(content.given.map(Self.name)),
        "result": .several((content.plan + content.shards).map(Self.name)),
      ])
    entity["agent"] = people.first.map { .one($0.id) }
    entity["endTime"] = launch.ended.map { .text(Self.time($0)) }
    let completed = launch.outcome.map(["done", "drained"].contains) ?? false
    entity["actionStatus"] = .text(
      "http://schema.org/\(completed ? "Completed" : "Failed")ActionStatus")
    if !completed {
      entity["error"] = .text(launch.outcome ?? "it has not said how it ended: it was killed, or is running")
    }
    return entity
  }

  // MARK: files

  private var files: [FolderContent.File] { content.given + content.plan + content.shards }

  private var fileEntities: [Entity] {
    files.map { file in
      let (format, description) = Self.kind(of: file.path)
      return Entity(
        Self.name(file), "File", name: file.path,
        [
          "contentSize": .text("\(file.bytes)"), "encodingFormat": .text(format),
          "description": .text(description),
        ])
    }
  }

  /// The file's path as part of an address.
  private static func name(_ file: FolderContent.File) -> String {
    file.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? file.path
  }

  private static func kind(of path: String) -> (format: String, description: String) {
    switch path {
    case "sweep.yaml": ("application/yaml", "The sweep file as it was given")
    case "sweep.json": ("application/json", "Every cell with all its settings, and every launch")
    case "tasks/index.json": ("application/json", "What the sweep file calls its task files")
    default:
      if path.hasPrefix("shards/") {
        ("application/octet-stream", "Records in NPY format: numpy.load reads them")
      } else if path.hasSuffix(".npz") {
        ("application/zip", "Arrays of a task of the sweep")
      } else {
        ("application/yaml", "A task of the sweep")
      }
    }
  }
}

/// One object of an RO-Crate's graph.
struct Entity: Encodable {
  enum Value: Encodable, Equatable, ExpressibleByStringLiteral {
    case text(String)
    /// Another entity, by its id.
    case one(String)
    /// Other entities; one of them is written without a list, as JSON-LD in compact form has it.
    case several([String])

    init(stringLiteral text: String) { self = .text(text) }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .one(let id): try container.encode(["@id": id])
      case .several(let ids) where ids.count == 1: try container.encode(["@id": ids[0]])
      case .several(let ids): try container.encode(ids.map { ["@id": $0] })
      }
    }
  }

  let id: String
  private var values: [String: Value]

  init(_ id: String, _ type: String, name: String? = nil, _ values: [String: Value] = [:]) {
    self.id = id
    self.values = values
    self.values["@id"] = .text(id)
    self.values["@type"] = .text(type)
    if let name { self.values["name"] = .text(name) }
  }

  subscript(name: String) -> Value? {
    get { values[name] }
    set { values[name] = newValue }
  }

  func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}

import Foundation
import TestSupport
import Testing

/// The object files of a release build hold wide instructions only where they belong: a CPU without them must never
/// meet one outside the kernels of its own level.
@Suite(.startsPrograms) struct WideInstructionTests {
  /// What one function of an object file contains.
  struct Function {
    var name: String
    /// Shared between modules by the linker, which keeps any one of the copies.
    var isShared: Bool
    var usesZMM = false
    var usesYMM = false
    /// Any instruction of AVX or later (their names begin with v).
    var usesAVX = false
  }

  static let buildFolder: URL = {
    // The test bundle lies in the build folder, beside one folder of objects for each module.
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent()
  }()

  static let objdump = ["/usr/bin/objdump", "/usr/local/bin/objdump"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Unoptimised builds keep library generics apart and share them between modules; only release builds are shipped.
  static var isApplicable: Bool {
    #if DEBUG
      false
    #else
      objdump != nil
    #endif
  }

  @Test(.enabled(if: isApplicable, "needs a release build and objdump"))
  func wideInstructionsStayInTheirModules() throws {
    let modules = [
      "KernelCalls", "KernelsBaseline", "Kernels", "Tasks", "Plasticity", "Dynamics", "ResultStore", "MPI",
      "Sweep",
      "Experiment", "Ablation", "trifactor",
    ]
    var leaks: [String] = []
    for module in modules {
      leaks += try functions(of: module).filter(\.usesAVX).map { "\(module): \($0.name)" }
    }
    #expect(leaks.isEmpty, "AVX instructions outside the levels' modules")
    let narrow = try functions(of: "KernelsV3")
    #expect(narrow.contains { $0.usesYMM }, "the kernels of v3 hold no AVX2 instruction at all")
    #expect(narrow.filter(\.usesZMM).map(\.name) == [], "AVX-512 instructions in the kernels of v3")
    let wide = try functions(of: "KernelsV4")
    #expect(wide.contains { $0.usesZMM }, "the kernels of v4 hold no AVX-512 instruction at all")
    for (module, functions) in [("KernelsV3", narrow), ("KernelsV4", wide)] {
      // A generic of the module specialised for its own use is shared in form only: its name holds the module's.
      // With -enable-testing internal structs keep their metadata, which copies by shared memcpy helpers; the program
      // that ships has neither.
      let shared = functions.filter {
        $0.isShared && $0.usesAVX && !$0.name.contains(module) && !$0.name.hasPrefix("__swift_memcpy")
      }
      #expect(
        shared.map(\.name) == [], "functions with AVX instructions that other modules may get from \(module)")
    }
  }

  /// All functions in the objects of a module; none where the module is not built.
  private func functions(of module: String) throws -> [Function] {
    let folder = Self.buildFolder.appending(path: "\(module).build")
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return try files.filter { $0.pathExtension == "o" }.flatMap { file in
      let shared = sharedNames(in: try output(["--syms", file.path]))
      return parse(try output(["--disassemble", "--no-show-raw-insn", file.path]), shared: shared)
    }
  }

  /// Names of weak symbols in `objdump --syms`: the eighth column of the flags is w.
  private func sharedNames(in text: String) -> Set<Substring> {
    var names: Set<Substring> = []
    for line in text.split(separator: "\n") where line.count > 24 {
      let flags = line.dropFirst(17).prefix(7)
      if flags.dropFirst().first == "w", let name = line.split(separator: " ").last { names.insert(name) }
    }
    return names
  }

  /// Functions of `objdump --disassemble`: "address <name>:" lines, then "  address: tab instruction".
  private func parse(_ text: String, shared: Set<Substring>) -> [Function] {
    var result: [Function] = []
    for line in text.split(separator: "\n") {
      if line.hasSuffix(">:"), let start = line.firstIndex(of: "<") {
        let name = line[line.index(after: start)...].dropLast(2)
        result.append(Function(name: String(name), isShared: shared.contains(name)))
        continue
      }
      guard !result.isEmpty, let tab = line.firstIndex(of: "\t") else { continue }
      let instruction = line[line.index(after: tab)...]
      let last = result.count - 1
      if instruction.hasPrefix("v") { result[last].usesAVX = true }
      if instruction.contains("%ymm") { result[last].usesYMM = true }
      if instruction.contains("%zmm") { result[last].usesZMM = true }
    }
    return result
  }

  private func output(_ arguments: [String]) throws -> String {
    let result = try run([try #require(Self.objdump)] + arguments)
    #expect(result.code == 0, "objdump \(arguments): \(result.end) \(result.errors.suffix(2000))")
    return result.output
  }
}

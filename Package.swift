// swift-tools-version: 6.2
import PackageDescription

/// The kernel sources, compiled once more for every instruction set; the folders are links to
/// `Sources/KernelLevels`. The level is chosen when the program starts (`Kernels/SIMDLevel.swift`).
func kernelLevel(_ name: String, march: String?) -> Target {
  .target(
    name: name, dependencies: ["KernelCalls", "CPrefetch", "Invariants"],
    swiftSettings: march.map {
      [.define("KERNELS_FUSED"), .define("KERNELS_\($0)"), .unsafeFlags(["-Xcc", "-march=x86-64-\($0)"])]
    } ?? [])
}

/// A test target that mirrors a module of `Sources`.
func tests(of module: String, _ more: Target.Dependency..., exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(module)Tests", dependencies: [.byName(name: module), "Model", "TestSupport"] + more,
    exclude: exclude)
}

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let complex = Target.Dependency.product(name: "Numerics", package: "swift-numerics")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// Commit and dirty flag for the provenance of results; unknown outside a git checkout.
let buildInfo: [CSetting] =
  Context.gitInformation.map { git in
    [
      .define("TRIFACTOR_COMMIT", to: "\"\(git.currentCommit)\""),
      .define("TRIFACTOR_DIRTY", to: git.hasUncommittedChanges ? "1" : "0"),
    ]
  } ?? []

/// Functions that `COlderLibraries` calls by the symbols of older libraries.
let wrapped = ["hypot", "hypotf", "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE"]

let package = Package(
  name: "trifactor",
  products: [.executable(name: "trifactor", targets: ["trifactor"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPrefetch"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    .target(name: "CBuildInfo", cSettings: buildInfo),
    // Open MPI is loaded when a rank starts; see abi.h.
    .target(name: "COpenMPI", linkerSettings: [.linkedLibrary("dl")]),

    .target(name: "Invariants"),
    .target(name: "Model", dependencies: ["Invariants"]),
    .target(name: "KernelCalls"),
    kernelLevel("KernelsBaseline", march: nil),
    kernelLevel("KernelsV3", march: "v3"),
    kernelLevel("KernelsV4", march: "v4"),
    .target(
      name: "Kernels",
      dependencies: [
        "Invariants", "KernelCalls", "KernelsBaseline", "KernelsV3", "KernelsV4", "COpenBLAS", complex,
      ]),
    .target(name: "Tasks", dependencies: ["Model", "Kernels"]),
    // Debug builds check at run time that accesses do not overlap; in a release build the checks would cost a small
    // network's trial several per cent.
    .target(
      name: "Plasticity", dependencies: ["Model", "Tasks", "Kernels", "KernelCalls"],
      swiftSettings: [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]),
    .target(name: "Dynamics", dependencies: ["Model", "Plasticity", "Kernels", complex]),

    .target(name: "ResultStore", dependencies: ["Model", "CZlib", system], exclude: ["Format.md"]),
    .target(name: "MPI", dependencies: ["Model", "COpenMPI"]),
    .target(name: "Sweep", dependencies: ["Model", "MPI", "ResultStore", "CCrypto", yams, heap]),
    .target(name: "TaskFiles", dependencies: ["Model", "Sweep", "Tasks", "ResultStore", yams]),
    .target(
      name: "Experiment",
      dependencies: [
        "Model", "Sweep", "TaskFiles", "Plasticity", "Tasks", "ResultStore", "Dynamics", "Kernels",
        "KernelCalls",
      ]),
    .target(name: "Ablation", dependencies: ["Model", "ResultStore"]),
    .target(
      name: "Launch",
      dependencies: [
        "Model", "Experiment", "TaskFiles", "Ablation", "Sweep", "MPI", "ResultStore", "Dynamics",
        "Plasticity",
        "Tasks", "Kernels", "CBuildInfo",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "Model", "Launch", "Experiment", "Ablation", "Sweep", "ResultStore", "Dynamics", "Plasticity",
        "Tasks",
        "Kernels",
      ]),
    .target(
      name: "Commands",
      dependencies: [
        "Model", "Launch", "Reports", "Experiment", "TaskFiles", "Ablation", "Sweep", "MPI", "ResultStore",
        "Plasticity", "Tasks", "Kernels", arguments,
      ]),
    .target(name: "COlderLibraries", linkerSettings: [.linkedLibrary("stdc++")]),
    .executableTarget(
      name: "trifactor", dependencies: ["Commands", "COlderLibraries"],
      linkerSettings: [.unsafeFlags(wrapped.flatMap { ["-Xlinker", "--wrap=\($0)"] })]),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    tests(of: "Kernels", "KernelCalls", complex),
    tests(of: "Tasks"),
    tests(of: "Plasticity"),
    tests(of: "Dynamics", exclude: ["Fixtures"]),
    tests(of: "ResultStore"),
    .target(name: "SweepFakes", dependencies: ["Model", "Sweep", "ResultStore"], path: "Tests/SweepFakes"),
    .executableTarget(
      name: "mpi-check", dependencies: ["COpenMPI", "Model", "MPI", "Sweep", "SweepFakes", "ResultStore"],
      path: "Tests/MPIPrograms"),
    tests(of: "MPI", "mpi-check"),
    tests(of: "Sweep", "SweepFakes", "ResultStore", "MPI"),
    tests(of: "TaskFiles", "Sweep", "Tasks", "Kernels", "ResultStore", "Experiment", exclude: ["BuiltIn"]),
    .target(name: "MadeUpMechanism", dependencies: ["Model"], path: "Tests/MadeUpMechanism"),
    .executableTarget(
      name: "made-up-program", dependencies: ["Commands", "MadeUpMechanism", "Model"],
      path: "Tests/MadeUpProgram"),
    tests(of: "Experiment", "MadeUpMechanism"),
    tests(of: "Ablation", exclude: ["Fixtures"]),
    tests(of: "Launch", "Sweep", "ResultStore", "MPI", "Kernels"),
    tests(
      of: "Reports", "Launch", "Sweep", "SweepFakes", "Experiment", "ResultStore", "Plasticity", "Ablation"),
    .testTarget(name: "CommandTests", dependencies: ["TestSupport", "SweepFakes", "ResultStore"]),
  ],
  swiftLanguageModes: [.v6]
)

import Foundation
import MPI
import Model
import Sweep
import SweepFakes

/// The programs that the MPI tests start under mpirun. Each prints `ok NAME` on rank 0 when all is right.
let arguments = Array(CommandLine.arguments.dropFirst())
let program = arguments.first ?? ""

func exitCode(_ error: any Error) -> Int32 { (error as? SweepError)?.exitCode ?? 70 }

let code = MPI.run(exitCode: exitCode) { world in
  switch program {
  case "environment": try checkEnvironment(world)
  case "point-to-point": try checkPointToPoint(world)
  case "collectives": try checkCollectives(world)
  case "communicators": try checkCommunicators(world)
  case "throws": try checkThrows(world, rank: Int(arguments[1])!)
  case "broken-invariant": invariant(world.rank != 1, "\(world.size) ranks are one too many")
  case "start-check": try checkStart(world, odd: arguments.count > 1 ? arguments[1] : "")
  case "sweep": return try fakeSweep(world, Array(arguments.dropFirst()))
  case "gather": return try gather(try parse(Array(arguments.dropFirst())))
  default:
    print(
      "usage: mpi-check environment|point-to-point|collectives|communicators|throws|broken-invariant|start-check|sweep|gather"
    )
    return 64
  }
  if world.rank == 0 { print("ok \(program) \(world.size)") }
  return 0
}
exit(code)

import TestSupport
import Testing

/// Commands that start no ranks of their own behave under mpirun as without it.
@Suite(.startsPrograms) struct MPIRunTests {
  @Test(arguments: [1, 2, 4]) func programsRunOnEveryRank(_ ranks: Int) throws {
    let result = try runRanks(ranks, ["sh", "-c", "echo rank $OMPI_COMM_WORLD_RANK"])
    #expect(result.code == 0, "\(result)")
    #expect(result.output.split(separator: "\n").sorted() == (0..<ranks).map { "rank \($0)" })
  }
}

import Model

/// One message on the error output.
public func printError(_ message: String) {
  Console.complain(message)
}

/// True on rank 0 and in a process that no launcher started, by what mpirun and srun leave in the environment:
/// the sweep file is read before MPI starts.
public func isFirstRank(_ environment: [String: String]) -> Bool {
  [nil, "0"].contains(rankText(environment))
}

/// The rank as mpirun or srun has written it into the environment; nil in a process that neither started.
public func rankText(_ environment: [String: String]) -> String? {
  ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"].lazy.compactMap { environment[$0] }.first
}

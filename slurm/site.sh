# SITE SETTINGS: what differs between clusters, and the only file of this folder to edit. The job scripts read it
# when the job starts. A variable that is set when you call sbatch wins over the value here.

# 1. Modules that bring Open MPI 4 or 5 (mpirun) and OpenBLAS; compute nodes need no Swift.
# module purge
# module load openmpi/4.1 openblas

# 2. The program, absolute or from the folder in which sbatch is called; every node must see it under this path.
: "${TRIFACTOR_PROGRAM:=.build/release/trifactor}"

# 3. Who starts the ranks: mpirun, or srun (with Slurm's pmix plugin; `srun --mpi=list` must show it). none: one rank a
#    job (--ntasks=1), which needs no MPI library.
: "${TRIFACTOR_LAUNCHER:=mpirun}"

# 4. The network for MPI between nodes, as an interface (ib0) or an address range (10.1.0.0/16). Empty: Open MPI
#    chooses, which is right unless nodes have interfaces that do not reach each other.
: "${TRIFACTOR_NETWORK:=}"

# 5. Binding of ranks: core, or none where jobs share nodes and Slurm does not confine them to their cores.
: "${TRIFACTOR_BIND:=core}"

# 6. How many times a job may put itself back into the queue. A sweep of 5 days in jobs of 4 hours needs 30.
: "${TRIFACTOR_MAX_REQUEUES:=40}"

# 7. Seconds a drain may take, before the meta-iteration at hand is given up. Keep it 60 below the seconds
#    in the --signal line of the job scripts.
: "${TRIFACTOR_DRAIN_SECONDS:=240}"

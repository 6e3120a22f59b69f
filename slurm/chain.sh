#!/bin/bash
# For sites where a job must not put itself back into the queue: submits N jobs of one name, of which Slurm runs one at a
# time. Each goes on where the one before it has stopped; when the sweep is finished, those that are left end at once.
#
#   slurm/chain.sh N --job-name=NAME [options of sbatch] slurm/sweep.sbatch SWEEP OUT [more options of `trifactor run`]
#
# That is the line which `trifactor plan SWEEP --ranks R --slurm` prints, with `slurm/chain.sh N` in place of `sbatch`.
set -eu

usage() {
  echo "chain: $*; wanted: slurm/chain.sh N --job-name=NAME [options of sbatch] slurm/sweep.sbatch SWEEP OUT" >&2
  exit 64
}

case ${1:-} in
'' | *[!0-9]* | 0*) usage "seen '${1:-}' for the number of jobs" ;;
esac
count=$1
[ ${#count} -le 3 ] || usage "$count jobs are more than 999"
shift
named=no
for word in "$@"; do
  case $word in
  --job-name | --job-name=?* | -J | -J?*) named=yes ;;
  --array | --array=* | -a | */array.sbatch) usage "a chain is of jobs, not of arrays; seen '$word'" ;;
  esac
done
# All jobs of a name wait for each other: with the name of the script all of a user's sweeps would.
[ $named = yes ] || usage "no --job-name"

for link in $(seq "$count"); do
  job=$(sbatch --parsable --dependency=singleton --no-requeue "$@")
  echo "job $job, $link of $count"
done

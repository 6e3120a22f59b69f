# What sweep.sbatch and array.sbatch share: start the ranks, hand signals on, and put the job back into the queue.
#
#   run_sweep SWEEP OUT [more options of `trifactor run`]      does not return; the script ends with its exit code
#
# How a launch ends, and what follows:
#
#   0                     done; the job is COMPLETED
#   75                    drained, after USR1: Slurm's --signal before the time limit, or `scancel -b -s USR1 JOB`.
#                         Back into the queue; after `scancel -b -s USR2 JOB` drained, but not put back
#   64, 65, 69, 74        usage, sweep file or damaged data, folder locked, disk: a human is needed; the job is FAILED
#   70                    internal error, or a rank that no longer answered: put back if this launch stored anything
#   anything else         a rank, node or network was lost (137 killed, 139 SEGV, 205 host lost, 255 MPI, 1 mpirun):
#                         put back, unless the first launch died before it stored anything (a broken installation)
#   TERM to this script   scancel, preemption or time limit: never put back from here

drain=no        # yes: USR1 was seen
requeue=yes     # no: USR2 was seen
ending=no       # yes: Slurm is ending this job
ranks=          # process of the launcher
watchdog=       # process that repeats the signal, and ends a drain that takes too long

say() { echo "$(date '+%F %T') job: $*" >&2; }

# The job as scontrol names it: a task of an array is JOB_TASK, since its plain number can mean the whole array.
job_name() {
  if [ -n "${SLURM_ARRAY_JOB_ID:-}" ]; then
    echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
  else
    echo "$SLURM_JOB_ID"
  fi
}

drain_now() { # $1: the signal that asked for it
  say "$1: asking the ranks to stop at the next meta-iteration"
  drain=yes
  [ -n "$ranks" ] || return 0
  kill -USR1 "$ranks" 2>/dev/null
  if [ -z "$watchdog" ]; then
    # Again every few seconds, since a launcher that has no ranks yet drops the signal. Without the output of this
    # script, so that nobody waits for it.
    (
      trap - USR1 USR2 TERM
      end=$((SECONDS + TRIFACTOR_DRAIN_SECONDS))
      while [ "$SECONDS" -lt "$end" ]; do
        sleep 2
        kill -USR1 "$ranks" || exit
      done
      kill -TERM "$ranks"
    ) >/dev/null 2>&1 &
    watchdog=$!
  fi
}

# A signal interrupts `wait`, so it is called again until the launcher has ended; bash keeps the exit code.
wait_for_ranks() {
  while kill -0 "$ranks" 2>/dev/null; do wait "$ranks"; done
  wait "$ranks"
  code=$?
  if [ -n "$watchdog" ]; then
    pkill -P "$watchdog"
    kill "$watchdog"
  fi 2>/dev/null
}

stored_bytes() { # in the shards of folder $1
  find "$1/shards" -type f -printf '%s\n' 2>/dev/null | awk '{ total += $1 } END { print total + 0 }'
}

# Fills the array `launcher` with the command that starts the ranks.
choose_launcher() {
  # The ranks are the parallelism: one BLAS thread each.
  export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
  case $TRIFACTOR_LAUNCHER in
  mpirun)
    # Without the keepalive lines a pulled cable is noticed after 8 minutes; with them after 4 + 3 x 1 seconds.
    launcher=(mpirun -n "$SLURM_NTASKS" --bind-to "$TRIFACTOR_BIND"
      --mca oob_tcp_keepalive_time 4 --mca oob_tcp_keepalive_intvl 1 --mca oob_tcp_keepalive_probes 3)
    if [ -n "$TRIFACTOR_NETWORK" ]; then
      launcher+=(--mca btl_tcp_if_include "$TRIFACTOR_NETWORK" --mca oob_tcp_if_include "$TRIFACTOR_NETWORK")
    fi
    ;;
  srun)
    local bind=cores
    [ "$TRIFACTOR_BIND" = core ] || bind=$TRIFACTOR_BIND
    launcher=(srun --ntasks="$SLURM_NTASKS" --mpi=pmix --kill-on-bad-exit=1 --cpu-bind="$bind")
    if [ -n "$TRIFACTOR_NETWORK" ]; then export OMPI_MCA_btl_tcp_if_include=$TRIFACTOR_NETWORK; fi
    ;;
  none)
    if [ "$SLURM_NTASKS" -ne 1 ]; then
      say "TRIFACTOR_LAUNCHER is 'none', which starts one rank; seen: --ntasks=$SLURM_NTASKS; wanted: --ntasks=1"
      exit 64
    fi
    launcher=(env)
    ;;
  *)
    say "TRIFACTOR_LAUNCHER is '$TRIFACTOR_LAUNCHER'; wanted: mpirun, srun or none (slurm/site.sh)"
    exit 64
    ;;
  esac
}

# Whether a launch that ended with $1, having stored $2 new bytes, is to be followed by another.
goes_on() {
  local restarts=${SLURM_RESTART_COUNT:-0}
  [ "$ending" = no ] && [ "$requeue" = yes ] || return 1
  case $1 in
  0 | 64 | 65 | 69 | 71 | 74) return 1 ;;
  75) ;;
  70) [ "$2" -gt 0 ] || return 1 ;;
  *)
    if [ "$2" -le 0 ] && [ "$restarts" -eq 0 ]; then
      say "the first launch stored nothing, so a restart would not help"
      return 1
    fi
    ;;
  esac
  if scontrol show job "$(job_name)" | grep -q '\bRequeue=0\b'; then
    say "this job must not go back into the queue (--no-requeue): the next job of a chain goes on, or the same line again"
    return 1
  fi
  if [ "$restarts" -ge "$TRIFACTOR_MAX_REQUEUES" ]; then
    say "restarted $restarts times already (TRIFACTOR_MAX_REQUEUES); submit the same line again to go on"
    return 1
  fi
  # A job that scancel or the time limit is just ending must stay ended.
  scontrol show job "$(job_name)" | grep -q 'JobState=RUNNING'
}

run_sweep() {
  local sweep=$1 out=$2 before new
  shift 2
  choose_launcher
  if [ "$drain" = yes ]; then
    say "asked to stop before the start"
    code=75 new=0
  else
    mkdir -p "$out" || exit 74
    before=$(stored_bytes "$out")
    say "job $(job_name), restart ${SLURM_RESTART_COUNT:-0}: $SLURM_NTASKS ranks on ${SLURM_JOB_NODELIST:-?} into $out"
    "${launcher[@]}" "$TRIFACTOR_PROGRAM" run "$sweep" --out "$out" "$@" &
    ranks=$!
    wait_for_ranks
    new=$(($(stored_bytes "$out") - before))
    say "the launch ended with exit code $code, $new bytes stored"
    # A drain that met ranks not yet listening (138), or was cut short by the watchdog (1, 143), is a drain too.
    if [ "$drain" = yes ]; then case $code in 1 | 138 | 143) code=75 ;; esac; fi
  fi
  if goes_on "$code" "$new"; then
    say "back into the queue"
    if scontrol requeue "$(job_name)"; then
      # Slurm now ends this script by TERM.
      sleep 120 &
      wait $!
      [ "$ending" = yes ] || say "Slurm did not end this script after the requeue"
    else
      say "Slurm refuses the requeue; submit the same line again to go on"
    fi
  fi
  exit "$code"
}

# Traps first: a signal may come while modules load.
trap 'drain_now USR1' USR1
trap 'requeue=no; drain_now USR2' USR2
trap 'ending=yes' TERM

source "$trifactor_slurm/site.sh"
set -u # not before: `module` of some sites uses variables that are not set

"""The job scripts of slurm/ on a real Slurm. Run by `make slurm-test`, inside sandbox.sh."""

import os
import shlex
import signal
import subprocess

import pytest
from conftest import CUT, OFTEN, PROGRAM, ROOT, Sweep, is_rank
from hosts import NETWORK, sh, wait
from slurm import Job, Slurm

SCRIPT = ROOT / "slurm/sweep.sbatch"
ARRAY = ROOT / "slurm/array.sbatch"
CHAIN = ROOT / "slurm/chain.sh"
ENDLESS = CUT.replace("iterations: 80", "iterations: 100000")


@pytest.fixture(scope="module")
def slurm(hosts):
    # The nodes share the cores of this machine.
    os.environ |= {"TRIFACTOR_NETWORK": NETWORK, "TRIFACTOR_BIND": "none"}
    return Slurm(hosts)


@pytest.fixture(scope="module")
def by_the_clock(slurm, tmp_path_factory):
    """A job whose time limit of a minute comes nearer while other tests run."""
    sweep = Sweep(tmp_path_factory.mktemp("clock"), ENDLESS)
    job = slurm.submit(
        "-n1", "--time=1", "--signal=B:USR1@45", str(SCRIPT), str(sweep.file), str(sweep.out), cwd=sweep.folder)
    return sweep, job


def submit(slurm, sweep, *options, script=SCRIPT) -> Job:
    return slurm.submit(*options, str(script), str(sweep.file), str(sweep.out), *OFTEN, cwd=sweep.folder)


def test_the_printed_line_runs_a_sweep(slurm, by_the_clock, sweep, undisturbed):
    line = sh(PROGRAM, "plan", str(sweep.file), "--ranks", "2", "--slurm").split()
    assert line[0] == "sbatch" and line[-3] == "slurm/sweep.sbatch"
    # From the root of the repository as a user would, results elsewhere.
    options = ["--export=ALL,TRIFACTOR_BIND=core", f"--output={sweep.folder}/%x-%j.out"]
    job = slurm.submit(*options, *line[1:-1], str(sweep.out), cwd=ROOT)
    assert job.wait_until_ended() == "COMPLETED", job.output
    assert job.show("JobName") == "cut"
    assert sweep.export() == undisturbed
    table = sh(PROGRAM, "table", str(sweep.out), "--rows", "rule.degree", "--columns", "task")
    assert "delayed-nonmatch" in table and "PARTIAL" not in table


@pytest.mark.parametrize("launcher", ["mpirun", "srun"])
def test_a_drained_job_puts_itself_back_and_finishes(slurm, sweep, undisturbed, launcher):
    job = submit(slurm, sweep, "-N2", "-n4", f"--export=ALL,TRIFACTOR_LAUNCHER={launcher}")
    job.wait("the first iterations", sweep.is_under_way)
    sh("scancel", "-b", "-s", "USR1", job.name)
    job.wait("the requeue", lambda: job.restarts == 1)
    assert job.wait_until_ended() == "COMPLETED", job.output
    assert "USR1: asking the ranks to stop" in job.output
    assert "the launch ended with exit code 75" in job.output
    assert job.restarts == 1
    assert sweep.export() == undisturbed


def test_usr2_drains_for_good_however_early_it_comes(slurm, tmp_path):
    job = submit(slurm, Sweep(tmp_path, ENDLESS), "-N1", "-n2")
    # mpirun drops a signal that comes before it has ranks.
    job.wait("the start", lambda: "restart 0" in job.output)
    sh("scancel", "-b", "-s", "USR2", job.name)
    assert job.wait_until_ended() == "FAILED", job.output
    assert (job.show("ExitCode"), job.restarts) == ("75:0", 0)


def test_the_number_of_requeues_is_capped(slurm, sweep):
    job = submit(slurm, sweep, "-N1", "-n2", "--export=ALL,TRIFACTOR_MAX_REQUEUES=0")
    job.wait("the first iterations", sweep.is_under_way)
    sh("scancel", "-b", "-s", "USR1", job.name)
    assert job.wait_until_ended() == "FAILED", job.output
    assert (job.show("ExitCode"), job.restarts) == ("75:0", 0)
    assert "restarted 0 times already (TRIFACTOR_MAX_REQUEUES)" in job.output


def test_a_drain_that_hangs_is_cut_short(slurm, sweep, undisturbed, hosts):
    job = submit(slurm, sweep, "-N1", "-n2", "--export=ALL,TRIFACTOR_DRAIN_SECONDS=2")
    job.wait("the first iterations", sweep.is_under_way)
    rank = next(process for process in hosts.processes(nodes(job)[0]) if is_rank(process))
    os.kill(rank, signal.SIGSTOP)
    sh("scancel", "-b", "-s", "USR1", job.name)
    job.wait("the requeue", lambda: job.restarts == 1)
    assert job.wait_until_ended() == "COMPLETED", job.output
    assert sweep.export() == undisturbed


def test_a_bad_sweep_file_fails_the_job_at_once(slurm, tmp_path):
    sweep = Sweep(tmp_path, CUT.replace("rule.degree", "rule.degre"))
    job = submit(slurm, sweep, "-N1", "-n2")
    assert job.wait_until_ended() == "FAILED", job.output
    assert (job.show("ExitCode"), job.restarts) == ("65:0", 0)
    assert "did you mean `rule.degree`?" in job.output


def test_a_broken_installation_is_not_tried_again(slurm, sweep):
    job = submit(slurm, sweep, "-N1", "-n2", "--export=ALL,TRIFACTOR_PROGRAM=/nowhere/trifactor")
    assert job.wait_until_ended() == "FAILED", job.output
    assert job.restarts == 0
    assert "the first launch stored nothing" in job.output


def test_a_killed_rank_costs_a_restart(slurm, sweep, undisturbed, hosts):
    job = submit(slurm, sweep, "-N2", "-n4")
    job.wait("the first iterations", sweep.is_under_way)
    victims = [p for p in hosts.processes(nodes(job)[1]) if is_rank(p)]
    assert len(victims) == 2
    os.kill(victims[0], signal.SIGKILL)
    job.wait("the requeue", lambda: job.restarts == 1)
    assert job.wait_until_ended() == "COMPLETED", job.output
    assert "the launch ended with exit code 137" in job.output
    assert sweep.export() == undisturbed


def test_an_array_of_slices_makes_one_table(slurm, sweep, undisturbed):
    first = submit(slurm, sweep, "--array=0-2", "-N1", "-n2", script=ARRAY)
    tasks = [Job(f"{first.name}_{i}", sweep.folder) for i in range(3)]
    tasks[0].wait("the first records", lambda: any((sweep.out / "part-0-of-3/shards").glob("state-*")))
    sh("scancel", "-b", "-s", "USR1", tasks[0].name)
    for task in tasks:
        assert task.wait_until_ended() == "COMPLETED", task.output
    assert [task.restarts for task in tasks] == [1, 0, 0]
    parts = [sweep.out / f"part-{i}-of-3" for i in range(3)]
    assert sweep.export(*parts) == undisturbed
    table = sh(PROGRAM, "table", *map(str, parts))
    assert "3 x 7" in table and "PARTIAL" not in table
    # One part again, by number alone: nothing is left to do, and other parts are not touched.
    again = slurm.submit(
        "--array=1", "-n2", "--export=ALL,PARTS=3", str(ARRAY), str(sweep.file), str(sweep.out), cwd=sweep.folder)
    task = Job(f"{again.name}_1", sweep.folder)
    assert task.wait_until_ended() == "COMPLETED", task.output
    assert "0 of " in task.output


def test_an_array_that_is_not_the_whole_is_refused(slurm, sweep):
    first = submit(slurm, sweep, "--array=1-2", "-N1", "-n1", script=ARRAY)
    task = Job(f"{first.name}_1", sweep.folder)
    assert task.wait_until_ended() == "FAILED", task.output
    assert task.show("ExitCode") == "64:0"
    assert "wanted: --array=0-1, or PARTS=n" in task.output


def test_an_array_of_single_ranks_needs_no_mpi(slurm, sweep, undisturbed):
    variables = "--export=ALL,TRIFACTOR_LAUNCHER=none,TRIFACTOR_MPI_LIBRARY=/nowhere/libmpi.so"
    first = submit(slurm, sweep, "--array=0-1", "-n1", variables, script=ARRAY)
    tasks = [Job(f"{first.name}_{i}", sweep.folder) for i in range(2)]
    tasks[0].wait("the first records", lambda: any((sweep.out / "part-0-of-2/shards").glob("state-*")))
    sh("scancel", "-b", "-s", "USR1", tasks[0].name)
    for task in tasks:
        assert task.wait_until_ended() == "COMPLETED", task.output
    assert [task.restarts for task in tasks] == [1, 0]
    assert sweep.export(*(sweep.out / f"part-{i}-of-2" for i in range(2))) == undisturbed
    job = submit(slurm, sweep, "-n2", variables)
    assert job.wait_until_ended() == "FAILED", job.output
    assert job.show("ExitCode") == "64:0" and "'none', which starts one rank; seen: --ntasks=2" in job.output


def chain(sweep, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(["bash", str(CHAIN), *words], capture_output=True, text=True, cwd=sweep.folder)


def test_a_chain_goes_on_where_requeue_is_forbidden(slurm, sweep, undisturbed):
    line = ["--job-name=chain", "-N1", "-n2", str(SCRIPT), str(sweep.file), str(sweep.out), *OFTEN]
    done = chain(sweep, "3", *line)
    assert done.returncode == 0, done.stderr
    jobs = [Job(text.split()[1].rstrip(","), sweep.folder) for text in done.stdout.splitlines()]
    assert len(jobs) == 3
    jobs[0].wait("the first iterations", sweep.is_under_way)
    assert [job.state for job in jobs[1:]] == ["PENDING", "PENDING"]
    sh("scancel", "-b", "-s", "USR1", jobs[0].name)
    assert jobs[0].wait_until_ended() == "FAILED", jobs[0].output
    assert (jobs[0].show("ExitCode"), jobs[0].restarts) == ("75:0", 0)
    assert "(--no-requeue): the next job of a chain goes on" in jobs[0].output
    for job in jobs[1:]:
        assert job.wait_until_ended() == "COMPLETED", job.output
    assert "0 of " in jobs[2].output and " 0 bytes stored" in jobs[2].output
    assert sweep.export() == undisturbed


def test_a_chain_says_what_it_wants(sweep):
    for words, seen in {
        (): "seen '' for the number of jobs",
        ("x", "-Ja"): "seen 'x' for the number",
        ("1000", "-Ja"): "1000 jobs are more than 999",
        ("2", "-n2", "slurm/sweep.sbatch"): "no --job-name",
        ("2", "-Ja", "--array=0-3", "slurm/array.sbatch"): "not of arrays; seen '--array=0-3'",
    }.items():
        done = chain(sweep, *words)
        assert done.returncode == 64 and seen in done.stderr and not done.stdout
        assert "wanted: slurm/chain.sh N --job-name=NAME" in done.stderr


def test_the_clock_drains_and_scancel_ends(slurm, by_the_clock):
    sweep, job = by_the_clock
    job.wait("the requeue", lambda: job.restarts >= 1)
    job.wait("the second launch", lambda: job.state == "RUNNING" and "restart 1:" in job.output)
    assert "USR1: asking the ranks to stop" in job.output
    assert "the launch ended with exit code 75" in job.output
    sh("scancel", job.name)
    assert job.wait_until_ended() == "CANCELLED", job.output
    # The script, which ends only now, must not put the cancelled job back.
    wait("the end of its processes", lambda: f"{sweep.file}" not in sh("ps", "-eo", "args"))
    assert job.state == "CANCELLED"
    sweep.verify()


def test_lost_nodes_cost_a_restart(slurm, hosts, tmp_path, undisturbed):
    """One job loses the cable of its second node and restarts itself; another loses the node of its batch script,
    and Slurm restarts it."""
    cable, power = Sweep(tmp_path / "cable"), Sweep(tmp_path / "power")
    jobs = {sweep: submit(slurm, sweep, "-N2", "-n4") for sweep in (cable, power)}
    for sweep, job in jobs.items():
        job.wait("the first iterations", sweep.is_under_way)
    lost = [nodes(jobs[cable])[1], nodes(jobs[power])[0]]
    hosts.pull_cable(lost[0])
    hosts.kill(lost[1])
    for sweep, job in jobs.items():
        assert job.wait_until_ended() == "COMPLETED", job.output
        assert job.restarts >= 1
        assert not set(nodes(job)) & set(lost)
        assert sweep.export() == undisturbed
    assert "the launch ended with exit code 205" in jobs[cable].output
    assert f"on node {lost[0]}" in jobs[cable].output


def nodes(job: Job) -> list[str]:
    """Names, the one of the batch script first."""
    return sh("scontrol", "show", "hostnames", job.show("NodeList")).split()

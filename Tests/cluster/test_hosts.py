"""Open MPI over three hosts without a scheduler: what dies, what is said, and what is left. Run by
`make hosts-test`, inside sandbox.sh."""

import os
import signal
import subprocess
import time

import pytest
from conftest import OFTEN, PROGRAM, is_rank
from hosts import NETWORK, wait

# From a death to the end of mpirun, in seconds. Open MPI takes 2 to end the other ranks, the keepalive 7; the rest is
# for a machine that others use. Without a keepalive it would be hours.
DEADLINE = 60

KEEPALIVE = [
    *("--mca", "oob_tcp_keepalive_time", "4"),
    *("--mca", "oob_tcp_keepalive_intvl", "1"),
    *("--mca", "oob_tcp_keepalive_probes", "3"),
]


@pytest.fixture
def launch(hosts, sweep):
    """Starts six ranks on three hosts and waits until something is stored."""
    started = []

    def start(names=("n1", "n2", "n3"), under_way=True) -> subprocess.Popen:
        command = [
            *("mpirun", "--oversubscribe", "--bind-to", "none", "--host", ",".join(f"{name}:2" for name in names)),
            *("--mca", "plm_rsh_agent", str(hosts.agent()), "--mca", "plm_rsh_no_tree_spawn", "1"),
            *("--mca", "btl_tcp_if_include", NETWORK, "--mca", "oob_tcp_if_include", NETWORK),
            *KEEPALIVE,
            *(PROGRAM, "run", str(sweep.file), "--out", str(sweep.out), *OFTEN),
        ]
        log = open(sweep.folder / f"log.{len(started)}", "w+")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        process.log = log
        started.append(process)
        if under_way:
            wait("the first iterations", sweep.is_under_way)
            assert process.poll() is None, said(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
    for name in hosts.names:
        hosts.kill(name)
        hosts.plug_in(name)


def said(process) -> str:
    process.log.seek(0)
    return process.log.read()


def end_after(process, since: float) -> float:
    """Waits for the end of mpirun; the seconds since the death."""
    process.wait(timeout=600)
    return time.monotonic() - since


def finish(launch, sweep, undisturbed, names=("n1", "n2", "n3")) -> None:
    """The same command goes on, to the same bytes."""
    again = launch(names, under_way=False)
    assert again.wait(timeout=600) == 0, said(again)
    assert "from a stored state" in said(again) or "done before" in said(again)
    assert sweep.export() == undisturbed
    sweep.verify()


def ranks(hosts, name: str) -> list[int]:
    return [process for process in hosts.processes(name) if is_rank(process)]


def test_three_hosts_give_the_bytes_of_one(launch, hosts, sweep, undisturbed):
    job = launch()
    assert [len(ranks(hosts, name)) for name in ("n1", "n2", "n3")] == [2, 2, 2]
    assert job.wait(timeout=600) == 0, said(job)
    assert sweep.export() == undisturbed


def test_usr1_drains_all_hosts(launch, sweep, undisturbed):
    job = launch()
    job.send_signal(signal.SIGUSR1)
    assert job.wait(timeout=600) == 75, said(job)
    assert "drained: " in said(job)
    finish(launch, sweep, undisturbed)


def test_a_killed_rank_ends_the_job(launch, hosts, sweep, undisturbed, tell):
    job = launch()
    since = time.monotonic()
    os.kill(ranks(hosts, "n2")[0], signal.SIGKILL)
    seconds = end_after(job, since)
    tell(f"killed rank: mpirun ended after {seconds:.1f} s")
    assert seconds < DEADLINE
    assert job.returncode == 137, said(job)
    assert "on node n2 exited on signal 9" in said(job)
    finish(launch, sweep, undisturbed)


def test_a_lost_host_ends_the_job(launch, hosts, sweep, undisturbed, tell):
    job = launch()
    since = time.monotonic()
    for process in hosts.processes("n3"):
        os.kill(process, signal.SIGKILL)
    seconds = end_after(job, since)
    tell(f"lost host: mpirun ended after {seconds:.1f} s")
    assert seconds < DEADLINE
    assert job.returncode not in (0, 75), said(job)
    assert "n3" in said(job)
    finish(launch, sweep, undisturbed, names=("n1", "n2"))


def test_a_pulled_cable_ends_the_job_on_both_sides(launch, hosts, sweep, undisturbed, tell):
    job = launch()
    since = time.monotonic()
    hosts.pull_cable("n3")
    seconds = end_after(job, since)
    tell(f"pulled cable: mpirun ended after {seconds:.1f} s")
    assert seconds < DEADLINE
    assert job.returncode == 205, said(job)
    assert "on node n3" in said(job)
    # The daemon beyond the cable sees the same silence and ends its ranks.
    wait("the end of the ranks on n3", lambda: not ranks(hosts, "n3"), limit=DEADLINE)
    finish(launch, sweep, undisturbed, names=("n1", "n2"))

"""A throw-away Slurm on the hosts of hosts.py."""

import os
import re
from pathlib import Path

from hosts import WORK, Hosts, sh, wait

CONFIGURATION = """
ClusterName=test
SlurmctldHost=ctl
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
# A job that was put back waits for old credentials to expire, 120 s by default.
AuthInfo=cred_expire=5
SlurmctldPort=16817
SlurmdPort=16818
SlurmctldPidFile={work}/slurmctld.pid
SlurmctldLogFile={work}/slurmctld.log
StateSaveLocation={work}/state
SlurmdPidFile={work}/slurmd.%n.pid
SlurmdLogFile={work}/slurmd.%n.log
SlurmdSpoolDir={work}/spool.%n
# The pmix plugin makes its folders here; nodes that share one disturb each other.
TmpFS={work}/tmp.%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
MpiDefault=none
SlurmdParameters=config_overrides
ReturnToService=2
JobRequeue=1
KillWait=5
# Long enough for daemons that wait for a processor: a node that is given up without cause costs a restart.
SlurmdTimeout=20
MessageTimeout=15
NodeName={nodes} CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=test Nodes={nodes} Default=YES MaxTime=INFINITE State=UP
"""


class Slurm:
    """One controller on `ctl`, two processors on each host."""

    def __init__(self, hosts: Hosts):
        for folder in ["state", *(f"{kind}.{name}" for kind in ("spool", "tmp") for name in hosts.names)]:
            (WORK / folder).mkdir()
        path = WORK / "slurm.conf"
        path.write_text(CONFIGURATION.format(work=WORK, nodes=f"n[1-{len(hosts.names)}]"))
        os.environ["SLURM_CONF"] = str(path)
        sh("slurmctld", "-f", str(path))
        for name in hosts.names:
            sh(*hosts.command(name, "slurmd", "-f", str(path)))
        wait("all nodes idle", lambda: sh("sinfo", "-h", "-N", "-o", "%T", check=False).split()
             == ["idle"] * len(hosts.names))

    def submit(self, *arguments: str, cwd: Path) -> "Job":
        return Job(sh("sbatch", "--parsable", *arguments, cwd=cwd).strip(), cwd)


class Job:
    """A batch job or a task of an array, as scontrol shows it."""

    def __init__(self, name: str, cwd: Path):
        self.name = name
        self.cwd = cwd

    def show(self, field: str) -> str:
        found = re.search(rf"\b{field}=(\S*)", sh("scontrol", "show", "job", self.name))
        return found.group(1) if found else ""

    @property
    def state(self) -> str:
        return self.show("JobState")

    @property
    def restarts(self) -> int:
        return int(self.show("Restarts") or 0)

    @property
    def has_ended(self) -> bool:
        return self.state not in ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "REQUEUED")

    @property
    def output(self) -> str:
        path = Path(self.show("StdOut"))
        return path.read_text() if path.exists() else ""

    def wait(self, what: str, condition) -> None:
        try:
            wait(what, condition)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{sh('scontrol', 'show', 'job', self.name)}\n{self.output}") from None

    def wait_until_ended(self) -> str:
        self.wait("the end of the job", lambda: self.has_ended)
        return self.state

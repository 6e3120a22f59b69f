"""Hosts on one machine: network and host-name namespaces on a bridge, inside the world of sandbox.sh."""

import os
import signal
import subprocess
import time
from pathlib import Path

WORK = Path("/run/tmp")
NETWORK = "10.77.0.0/24"


def sh(*command: str, timeout: float = 300, check: bool = True, cwd: Path | None = None) -> str:
    """The standard output of a short command."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=cwd)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(what: str, condition, limit: float = 600) -> None:
    """The limit ends a hang. It is far beyond what anything takes here, since others may have the processors."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit:.0f} s in vain for {what}")
        time.sleep(0.1)


class Hosts:
    """`n1` to `nK`, 10.77.0.1 to .K; this process is on `ctl`, 10.77.0.254, and every host knows all names."""

    def __init__(self, count: int):
        assert Path("/run/netns").is_dir() and not list(Path("/run/netns").iterdir()), "only inside sandbox.sh"
        self.names = [f"n{k}" for k in range(1, count + 1)]
        sh("ip", "link", "add", "bridge", "type", "bridge")
        sh("ip", "addr", "add", "10.77.0.254/24", "dev", "bridge")
        sh("ip", "link", "set", "bridge", "up")
        table = ["127.0.0.1 localhost", "10.77.0.254 ctl"]
        for k, name in enumerate(self.names, start=1):
            sh("ip", "netns", "add", name)
            sh("ip", "link", "add", f"port{k}", "type", "veth", "peer", "name", "eth0", "netns", name)
            sh("ip", "link", "set", f"port{k}", "master", "bridge", "up")
            sh("ip", "-n", name, "addr", "add", f"10.77.0.{k}/24", "dev", "eth0")
            sh("ip", "-n", name, "link", "set", "eth0", "up")
            sh("ip", "-n", name, "link", "set", "lo", "up")
            table.append(f"10.77.0.{k} {name}")
        (WORK / "hosts").write_text("\n".join(table) + "\n")
        sh("mount", "--bind", str(WORK / "hosts"), "/etc/hosts")  # of this world only

    def command(self, name: str, *command: str) -> list[str]:
        """The command line that runs `command` on host `name`. Not `ip netns exec`: it mounts a /sys without the
        cgroup file system, and slurmd then does not start."""
        rename = 'hostname "$0"; exec "$@"'
        return ["nsenter", f"--net=/run/netns/{name}", "unshare", "--uts", "sh", "-c", rename, name, *command]

    def agent(self) -> Path:
        """A stand-in for ssh, for mpirun."""
        path = WORK / "agent"
        enter = "exec nsenter --net=/run/netns/$host unshare --uts"
        rename = """sh -c 'hostname "$0"; exec sh -c "$*"' $host "$@" """
        path.write_text(f"#!/bin/sh\nhost=$1\nshift\n{enter} {rename}\n")
        path.chmod(0o755)
        return path

    def processes(self, name: str) -> list[int]:
        return [int(word) for word in sh("ip", "netns", "pids", name).split()]

    def kill(self, name: str) -> None:
        """The host loses power: all its processes are gone and its cable is dead."""
        self.pull_cable(name)
        for process in self.processes(name):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def pull_cable(self, name: str) -> None:
        """Packets get lost in silence; processes on the host go on."""
        sh("ip", "link", "set", f"port{name[1:]}", "down")

    def plug_in(self, name: str) -> None:
        sh("ip", "link", "set", f"port{name[1:]}", "up")

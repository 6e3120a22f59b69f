#!/bin/sh
# Runs a command as root of a small world: its own processes, network interfaces, host name, mounts and shared
# memory. Whatever it starts there, daemons and hosts included, is gone when it ends, however it ends.
#
#   Tests/cluster/sandbox.sh --check          exit code 0 where such worlds can be made
#   Tests/cluster/sandbox.sh COMMAND...
set -eu
world="unshare --mount --net --pid --uts --ipc --fork --kill-child --mount-proc"
if [ "$1" = --check ]; then
  $world mount -t tmpfs tmpfs /run 2>/dev/null
  exit
fi
# The shell stays, as process 1: it collects the dead whose parents were killed.
exec $world sh -c '
  mount -t tmpfs tmpfs /run
  mount -t tmpfs tmpfs /dev/shm
  mkdir -p /run/netns /run/tmp
  export TMPDIR=/run/tmp
  ip link set lo up
  hostname ctl
  "$@" &
  wait $!' sandbox "$@"

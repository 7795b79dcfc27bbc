"""Runs `penstock publish` for a scheduler: tells an end that a retry mends from one that needs a person."""

import os
import subprocess
import sys

DONE, RETRY, STOP = "done", "retry", "stop"

# See "Exit codes" in docs/cli.md. 5: something is not available. 7: another publisher is at work. 8: committed, and only
# the wait for servers is left.
RETRIED = frozenset({5, 7, 8})


def verdict(status):
    """What a scheduler should do about an exit status of `penstock`."""
    if status == 0:
        return DONE
    return RETRY if status in RETRIED else STOP


def publish(file, run_id=None, **parameters):
    """Publishes a file; returns the verdict and what was said. PENSTOCK_STORE says where to."""
    command = [os.environ.get("PENSTOCK", "penstock"), "publish", str(file)]
    for name, value in parameters.items():
        command += ["--set", f"{name}={value}"]
    environment = dict(os.environ)
    if run_id is not None:
        environment["RUN_ID"] = run_id
    ended = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    return verdict(ended.returncode), (ended.stdout + ended.stderr).strip()


if __name__ == "__main__":
    outcome, said = publish(sys.argv[1], **dict(argument.split("=", 1) for argument in sys.argv[2:]))
    print(f"{outcome}: {said}")
    sys.exit({DONE: 0, RETRY: 75, STOP: 1}[outcome])

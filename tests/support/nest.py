"""A process that has the server imported and forks one for whoever asks: a start takes a tenth.

For tests that start many. What it forks is the same server, with a pid of its own.
"""

import tests.support.serve  # isort: skip - patches first

import os
import sys

import eventlet.patcher
import orjson

socket = eventlet.patcher.original("socket")
waitpid = eventlet.patcher.original("os").waitpid
KILL = 9


def main(asked: int) -> None:
    """Answers each ``{environment}``, with a listener and a log, with a pid; ``{pid}``: kills."""
    door = socket.socket(fileno=asked)
    while True:
        text, descriptors, _, _ = socket.recv_fds(door, 65_536, 2)
        if not text:
            return
        wanted = orjson.loads(text)
        if "pid" in wanted:
            os.kill(wanted["pid"], KILL)
            door.sendall(str(waitpid(wanted["pid"], 0)[1]).encode())
            continue
        child = os.fork()
        if child == 0:
            door.close()
            _serve(wanted["environment"], *descriptors)
        for one in descriptors:
            os.close(one)
        door.sendall(str(child).encode())


def _serve(environment: dict[str, str], listener: int, log: int) -> None:
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(environment, TEST_LISTENER=str(listener))
    tests.support.serve.main()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[2]))

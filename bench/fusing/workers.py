"""A Spark cluster on this machine for a measure: a master and workers as processes, stopped at the end.

Everything listens on the loopback address alone, and folders of work go with the cluster.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 60
"""How long a master may take to listen [s]."""


@contextmanager
def cluster(workers: int, memory: str = "3g") -> Iterator[str]:
    """Yield the address of a cluster of some workers of one core each.

    Args:
        workers: How many.
        memory: Memory each may give to its executor, as Spark writes it.

    Raises:
        FileNotFoundError: PySpark is not installed.
        TimeoutError: The master does not listen.
    """
    try:
        import pyspark
    except ModuleNotFoundError as error:
        raise FileNotFoundError("pyspark: pip install 'holdfire[spark]', and Java 17") from error
    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "PYSPARK_PYTHON": sys.executable,
    }
    start = [str(home / "bin" / "spark-class")]
    port = _free()
    with tempfile.TemporaryDirectory(prefix="holdfire-spark-") as folder:
        running = []
        try:
            running.append(
                _run([*start, f"{_DEPLOY}.master.Master", *_at(port)], environment, folder, "master")
            )
            _wait(port)
            for number in range(workers):
                name = f"worker-{number}"
                where = ["-c", "1", "-m", memory, "-d", str(Path(folder) / name), f"spark://{HOST}:{port}"]
                running.append(
                    _run([*start, f"{_DEPLOY}.worker.Worker", *_at(0), *where], environment, folder, name)
                )
            yield f"spark://{HOST}:{port}"
        finally:
            for process in reversed(running):
                process.terminate()
            for process in running:
                process.wait(PATIENCE)


_DEPLOY = "org.apache.spark.deploy"


def _at(port: int) -> list[str]:
    return ["--host", HOST, "--port", str(port), "--webui-port", "0"]


def _run(command: list[str], environment: dict[str, str], folder: str, name: str) -> subprocess.Popen[bytes]:
    log = (Path(folder) / f"{name}.log").open("wb")
    return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)


def _free() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as knock:
            knock.settimeout(1)
            if knock.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"no Spark master listens on port {port}")

"""Learners who run notebook 2 at the same time, each on a kernel of their own, and what a Jupyter server for each takes."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
from jupyter_client import AsyncKernelManager

notebooks = Path(__file__).parent.parent / "notebooks"
notebook = json.loads((notebooks / "02-gaussian-mixture.ipynb").read_text("utf8"))
cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
longest = 300  # seconds until a learner is given up


def memory(pid):
    """Megabytes of a process and its children: what is shared counts in parts, where the system tells (PSS)."""
    process = psutil.Process(pid)
    total = 0
    for each in [process, *process.children(recursive=True)]:
        full = each.memory_full_info()
        total += getattr(full, "pss", full.rss)
    return total / 1e6


async def learn(manager):
    """One learner: from the question for a kernel to the end of the notebook."""
    try:
        return await asyncio.wait_for(run(manager), longest)
    except Exception as error:
        return {"error": f"{type(error).__name__} {error}"}


async def run(manager):
    asked = time.monotonic()
    await manager.start_kernel(cwd=str(notebooks))
    client = manager.client()
    client.start_channels()
    shown = []

    def keep(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            shown.append(content["text"])
        elif message["msg_type"] in ("display_data", "execute_result"):
            shown.append(content["data"].get("text/plain", ""))

    try:
        await client.wait_for_ready(timeout=longest)
        first = 0.0
        failed = 0
        for code in cells:
            reply = await client.execute_interactive(code, output_hook=keep, timeout=longest, allow_stdin=False)
            failed += reply["content"]["status"] != "ok"
            first = first or time.monotonic() - asked
        end = time.monotonic() - asked
        return {"first": first, "end": end, "failed": failed, "shown": "".join(shown)}
    finally:
        client.stop_channels()


def server_memory():
    """Of a Jupyter server without kernels, as a hub starts one for each learner."""
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--port=0"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if "is running at" in line:
                return memory(server.pid)
        return float("nan")
    finally:
        server.kill()
        server.wait()


def row(label, values, unit):
    print(f"{label:<34} {statistics.median(values):7.1f} {max(values):7.1f} {unit}")


async def main(learners):
    print(f"{learners} learners, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, notebook 2 ({len(cells)} cells)", flush=True)
    idle = server_memory()
    managers = [AsyncKernelManager(kernel_name="tslab") for _ in range(learners)]
    results = await asyncio.gather(*map(learn, managers))
    pids = [manager.provisioner.pid for manager in managers]
    used = [memory(pid) for pid in pids]
    done = [result for result in results if "error" not in result]
    for result in results:
        if "error" in result:
            print("not finished:", result["error"])
    await asyncio.gather(*(manager.shutdown_kernel(now="error" in result) for manager, result in zip(managers, results)))
    left = sum(psutil.pid_exists(pid) for pid in pids)
    print(f"{'':<34} {'median':>7} {'most':>7}")
    if done:
        row("from the start to the first cell", [result["first"] for result in done], "s")
        row("to the end of the notebook", [result["end"] for result in done], "s")
    row("memory of a kernel, at the end", used, "MB")
    print(f"memory of a server of one's own    {idle:7.1f}         MB")
    print(f"memory of all                      {sum(used) + learners * idle:7.0f}         MB")
    longest_text = max((len(result["shown"]) for result in done), default=0)
    print("finished:", len(done), "of", learners)
    print("failed cells:", sum(result["failed"] for result in done))
    print("learners with other outputs than the first:", sum(result["shown"] != done[0]["shown"] for result in done))
    print("characters shown to each:", longest_text)
    print("processes left:", left)
    return 0 if len(done) == learners and left == 0 else 1


sys.exit(asyncio.run(main(int(sys.argv[1]))))

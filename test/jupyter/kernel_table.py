"""The table of the kernel's README: how many of test/fixtures/cells.json each kernel gets right, by kind.

    .venv/bin/python test/jupyter/kernel_table.py tslab tslab-stock

The kernels run in a folder without a tsconfig.json. Each case has a kernel's session of its own."""
import json
import os
import re
import sys
import tempfile
from collections import Counter

from jupyter_client.manager import KernelManager

folder = os.path.dirname(os.path.abspath(__file__))


def text_of(value):
    """As Node prints it."""
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[ {', '.join(text_of(each) for each in value)} ]"
    return str(value)


def last_output(client, cells):
    shown = ""

    def hook(message):
        nonlocal shown
        content = message["content"]
        if message["msg_type"] == "execute_result":
            shown = content["data"].get("text/plain", "")
        elif message["msg_type"] == "stream":  # a stock tslab prints its results
            shown = content["text"].strip()

    for cell in cells:
        shown = ""
        client.execute_interactive(cell, timeout=60, output_hook=hook, allow_stdin=False)
    return re.sub(r"\x1b\[\d+m", "", shown).replace('"', "'")  # Deno colours, and quotes otherwise


def right(kernel, case):
    with tempfile.TemporaryDirectory() as place:
        with open(os.path.join(place, "package.json"), "w", encoding="utf8") as file:
            file.write("{}")
        manager = KernelManager(kernel_name=kernel)
        manager.start_kernel(cwd=place)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            return last_output(client, case["cells"]) == text_of(case["value"])
        except TimeoutError:
            return False
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def main(kernels):
    with open(os.path.join(folder, "..", "fixtures", "cells.json"), encoding="utf8") as file:
        cases = json.load(file)
    total = Counter(case["kind"] for case in cases)
    print("| kind | cases | " + " | ".join(kernels) + " |\n|" + "---|" * (2 + len(kernels)))
    counts = {kernel: Counter(case["kind"] for case in cases if right(kernel, case)) for kernel in kernels}
    for kind in total:
        print(f"| {kind} | {total[kind]} | " + " | ".join(str(counts[kernel][kind]) for kernel in kernels) + " |")


if __name__ == "__main__":
    main(sys.argv[1:] or ["tslab", "tslab-stock"])

"""Random sequences of good, failing, interrupted and aborted cells against a model of what they must come to.

Run by kernel.test.ts, which names the kernel in KERNEL_NAME. Every request must get one reply and one idle status, the
variables must be what the cells that ran have made of them, and no process may be left. FUZZ_SEED repeats a run.
"""
import os
import queue
import random
import threading
import time

from jupyter_client.manager import start_new_kernel

KERNEL = os.environ.get("KERNEL_NAME", "tslab")
SEED = int(os.environ.get("FUZZ_SEED", "20240229"))
SEQUENCES = int(os.environ.get("FUZZ_SEQUENCES", "200"))
TIMEOUT = 30
SLEEP = "await new Promise((done) => setTimeout(done, %d));"

# Each kind: code that adds `add` to `total`, the status that it must reply, and the error's name. A kind with a loop
# is interrupted once it says that it is there.
KINDS = {
    "good": ("total += {add};", "ok", None),
    "good await": ("total += {add}; " + SLEEP % 2, "ok", None),
    "declares": ("const part{n} = {add}; total += part{n};", "ok", None),
    # Names have one value, whoever assigns.
    "function of an earlier cell": ("raise({add});", "ok", None),
    "closure of its own": ("const by{n} = () => {{ total += {add} }}; by{n}();", "ok", None),
    "pattern": ("[total] = [total + {add}];", "ok", None),
    # What must neither hang nor fall.
    "half a pair": ("total += {add}; console.log('😀'[0]);", "ok", None),
    "no timers": ("const kept{n} = setTimeout; (globalThis as any).setTimeout = () => 0; total += {add}; (globalThis as any).setTimeout = kept{n};", "ok", None),
    "no handlers": ("process.removeAllListeners('uncaughtException'); total += {add};", "ok", None),
    "proxy": ("total += {add}; new Proxy({{}}, {{ get: () => () => 1 }})", "ok", None),
    # Late errors fail no cell that runs meanwhile; output goes to its cell.
    "late": ("total += {add}; setTimeout(() => {{ throw new Error('late {n}') }}, 40);", "ok", None),
    "late rejection": ("total += {add}; setTimeout(() => {{ void Promise.reject(new Error('late {n}')) }}, 30);", "ok", None),
    "child": ("total += {add}; require('child_process').execSync('echo child', {{ stdio: 'inherit' }});", "ok", None),
    "type error": ("total += '{add}' as unknown as boolean;", "error", "TypeCheckError"),
    "syntax error": ("total += {add}; )", "error", "SyntaxError"),
    "throws": ("total += {add}; throw new RangeError('{n}');", "error", "RangeError"),
    "throws no error": ("total += {add}; throw {n};", "error", "Thrown"),
    "throws after await": (SLEEP % 2 + "total += {add}; throw new RangeError('{n}');", "error", "RangeError"),
    "rejects": ("total += {add}; Promise.reject(new RangeError('{n}'));", "error", "RangeError"),
    "timer throws": ("total += {add}; setTimeout(() => {{ throw new RangeError('{n}') }}, 0);", "error", "RangeError"),
    "loop": ("total += {add}; console.log('there'); while (true) {{}}", "error", "InterruptedError"),
    "pending": ("total += {add}; console.log('there'); await new Promise(() => {{}});", "error", "InterruptedError"),
    "loop after await": ("await null; total += {add}; console.log('there'); while (true) {{}}", "error", "InterruptedError"),
    "promise jobs": ("total += {add}; console.log('there'); while (true) await null;", "error", "InterruptedError"),
    "loop in immediate": (
        "setImmediate(() => {{ total += {add}; console.log('there'); while (true) {{}} }}); await new Promise(() => {{}});",
        "error",
        "InterruptedError",
    ),
    "loop in timer": (
        "setTimeout(() => {{ total += {add}; console.log('there'); while (true) {{}} }}, 1); await new Promise(() => {{}});",
        "error",
        "InterruptedError",
    ),
}
BEGIN = "let total = 0; function raise(by: number) { total += by }"
NO_EFFECT = ("type error", "syntax error")
GOOD = ("good", "good await", "declares")


class Fuzz:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.manager, self.client = start_new_kernel(kernel_name=KERNEL)
        self.pids = [self.manager.provisioner.pid]
        self.total = 0
        self.cells = 0
        self.counts = {"ok": 0, "error": 0, "aborted": 0}
        self.execute_alone(BEGIN)

    def execute_alone(self, code):
        outputs = []
        reply = self.client.execute_interactive(code, timeout=TIMEOUT, output_hook=outputs.append)["content"]
        assert reply["status"] == "ok", reply
        return [m["content"]["data"]["text/plain"] for m in outputs if m["msg_type"] == "execute_result"]

    def sequence(self):
        """Sends some cells, all at once or one by one, and holds replies and state against the model."""
        kinds = [self.random.choice([*KINDS, *3 * GOOD]) for _ in range(self.random.randint(1, 5))]
        if self.random.random() < 0.6:
            self.burst(kinds)
        else:
            for kind in kinds:
                self.burst([kind])
        if self.random.random() < 0.1:
            self.interrupt_at_any_time()
        shown = self.execute_alone("total")
        assert shown == [str(self.total)], f"total is {shown}, not {self.total}, after {kinds}"

    def burst(self, kinds):
        sent = []
        for kind in kinds:
            self.cells += 1
            add = self.random.randint(1, 9)
            code = KINDS[kind][0].format(add=add, n=self.cells)
            sent.append((self.client.execute(code), kind, 0 if kind in NO_EFFECT else add))
        statuses = self.follow({identity for identity, *_ in sent})
        failed = False
        for identity, kind, add in sent:
            reply = statuses[identity]
            self.counts[reply["status"]] += 1
            if reply["status"] == "aborted":
                assert failed, f"{kind} was aborted without an error before it"
                continue
            # A cell that was late for the abort runs, as one sent later does.
            _, status, name = KINDS[kind]
            assert (reply["status"], reply.get("ename")) == (status, name), (kind, reply)
            failed = failed or status == "error"
            self.total += add

    def follow(self, waiting):
        """The reply to each request; interrupts the cells that say that they are there."""
        replies, idle = {}, set()
        end = time.monotonic() + TIMEOUT
        while len(replies) < len(waiting) or len(idle) < len(waiting):
            assert time.monotonic() < end, f"lost: {len(waiting) - len(replies)} replies, {len(waiting) - len(idle)} idle"
            try:
                message = self.client.get_iopub_msg(timeout=0.02)
                if message["msg_type"] == "stream" and "there" in message["content"]["text"]:
                    self.manager.interrupt_kernel()
                if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    identity = message["parent_header"]["msg_id"]
                    assert identity not in idle or identity not in waiting, "idle twice"
                    idle.update({identity} & waiting)
            except queue.Empty:
                pass
            while self.client.shell_channel.msg_ready():
                message = self.client.get_shell_msg(timeout=1)
                identity = message["parent_header"]["msg_id"]
                assert identity in waiting and identity not in replies, f"a reply too many: {message}"
                replies[identity] = message["content"]
        return replies

    def interrupt_at_any_time(self):
        """While compiling, starting, waiting or after it all: the cell fails as interrupted or was done."""
        control = self.client.control_channel
        interrupt = self.client.session.msg("interrupt_request", {})
        timer = threading.Timer(self.random.uniform(0, 0.08), control.send, [interrupt])
        timer.start()
        identity = self.client.execute(f"total += 1; {SLEEP % 30} total += 1;")
        reply = self.follow({identity})[identity]
        timer.join()
        # The interrupt may come after the cell: once it is answered, it will not hit the next one.
        control.get_msg(timeout=TIMEOUT)
        assert reply["status"] == "ok" or reply["ename"] == "InterruptedError", reply
        (self.total,) = map(int, self.execute_alone("total"))

    def restart(self):
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.pids.append(self.manager.provisioner.pid)
        self.total = 0
        self.execute_alone(BEGIN)

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        for pid in self.pids:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                continue
            raise AssertionError(f"process {pid} is left")


def main():
    fuzz = Fuzz(SEED)
    try:
        for number in range(1, SEQUENCES + 1):
            try:
                fuzz.sequence()
            except Exception as error:
                raise AssertionError(f"sequence {number} of seed {SEED}") from error
            if number % 50 == 0:
                fuzz.restart()
    finally:
        fuzz.end()
    assert all(fuzz.counts.values()), fuzz.counts
    print(f"{SEQUENCES} sequences of seed {SEED}: {fuzz.cells} cells, {fuzz.counts}")


main()

"""What our kernel does beyond jupyter_kernel_test; run by kernel.test.ts, which names the kernel in KERNEL_NAME."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

import zmq
from jupyter_client.manager import start_new_kernel
from jupyter_client.session import Session

KERNEL = os.environ.get("KERNEL_NAME", "tslab")
TIMEOUT = 30


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="utf8") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(condition):
    """Waits for what must come, however slow the machine is today."""
    end = time.monotonic() + TIMEOUT
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not happen")
        time.sleep(0.05)


class Client:
    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name=KERNEL)
        self.pid = self.manager.provisioner.pid

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, on_output=None, **options):
        """Reply and outputs of one cell. Outputs after the idle status would be lost, and so the test would fail."""
        outputs, inputs = [], []

        def hook(message):
            if message["msg_type"] == "execute_input":
                inputs.append(message["content"]["code"])
            elif message["msg_type"] != "status":
                outputs.append(message)
                if on_output:
                    on_output(message)

        reply = self.client.execute_interactive(code, timeout=TIMEOUT, output_hook=hook, allow_stdin=False, **options)
        assert inputs == ([] if options.get("silent") else [code]), inputs
        return reply["content"], outputs

    def value(self, code):
        reply, outputs = self.run(code)
        assert reply["status"] == "ok", reply
        return outputs[-1]["content"]["data"]["text/plain"]

    def interrupted(self, code):
        """Runs a cell that says when it is where it is to be interrupted."""
        seen = []

        def on_output(message):
            if message["msg_type"] == "stream" and not seen:
                seen.append(message)
                self.manager.interrupt_kernel()

        return self.run(code, on_output)[0]


def printed(outputs):
    return "".join(message["content"]["text"] for message in outputs if message["msg_type"] == "stream")


class Behaviour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel = Client()

    @classmethod
    def tearDownClass(cls):
        cls.kernel.close()

    def test_interrupt(self):
        self.interrupt_everywhere()

    def test_interrupt_where_async_contexts_are_tracked(self):
        """Ended code leaves its entries in Node's stack of them, which Node, where anybody listens, aborts for."""
        self.kernel.run("const hook = require('async_hooks').createHook({ init() {} }).enable()")
        self.interrupt_everywhere()
        self.test_interrupt_of_an_idle_kernel_leaves_it_alone()
        self.kernel.run("hook.disable()")

    def interrupt_everywhere(self):
        run = self.kernel
        run.run("let kept = 1")
        sleep = "await new Promise((done) => setTimeout(done, 5))"
        for code in (
            "console.log(1); while (true) {}",
            "console.log(1); await new Promise(() => {})",
            "await null; console.log(1); while (true) {}",
            f"console.log(1); while (true) {{ {sleep} }}",
            "console.log(1); while (true) await null",
            f"console.log(1); while (true) try {{ {sleep} }} catch {{}}",
            "setTimeout(() => { console.log(1); while (true) {} }, 1); await new Promise(() => {})",
            "setImmediate(() => { console.log(1); while (true) {} }); await new Promise(() => {})",
            "process.nextTick(() => { console.log(1); while (true) {} }); await new Promise(() => {})",
            "queueMicrotask(() => { console.log(1); while (true) {} })",
            "console.log(1); while (true) JSON.parse(JSON.stringify([kept]))",
            "console.log(1); while (true) setTimeout(() => {}, 1)",
            "console.log(1); while (true) new Promise(() => {})",
            "console.log(1); while (true) require('fs').readFileSync('package.json')",
            "for await (const x of (async function* () { while (true) { " + sleep + "; yield 1 } })()) console.log(x)",
            "({ [Symbol.for('Jupyter.display')]: () => { console.log(1); while (true) {} } })",
        ):
            with self.subTest(code=code):
                self.assertEqual(run.interrupted(code)["ename"], "InterruptedError")
                self.assertEqual(run.value("kept"), "1")

    def test_interrupt_stops_what_the_cell_goes_on_with(self):
        reply = self.kernel.interrupted(
            "let rounds = 0; let cleared = false;\n"
            "async function forever() {\n"
            "  try {\n"
            "    while (true) { await new Promise((done) => setTimeout(done, 1)); rounds++; if (rounds === 3) console.log(rounds) }\n"
            "  } finally { cleared = true }\n"
            "}\n"
            "await forever()"
        )
        self.assertEqual(reply["ename"], "InterruptedError")
        self.assertEqual(self.kernel.value("cleared"), "true")
        before = self.kernel.value("rounds")
        self.kernel.run("await new Promise((done) => setTimeout(done, 50))")
        self.assertEqual(self.kernel.value("rounds"), before)
        self.kernel.run("let left = 0; const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<any>(() => {}) }) }")
        self.kernel.interrupted("console.log(1); try { for await (const item of never) {} } finally { left++ }")
        self.assertEqual(self.kernel.value("left"), "1")

    def test_for_await_closes_what_it_leaves(self):
        self.kernel.run("let open = true; async function* items() { try { yield 1; yield 2 } finally { open = false } }")
        self.assertEqual(self.kernel.value("for await (const item of items()) break; open"), "false")

    def test_interrupt_of_the_compiler(self):
        client = self.kernel.client
        client.execute("\n".join(f"let many{i} = {i};" for i in range(4000)) + "\nwhile (true) {}")
        time.sleep(0.3)
        self.kernel.manager.interrupt_kernel()
        self.assertEqual(client.get_shell_msg(timeout=TIMEOUT)["content"]["ename"], "InterruptedError")
        self.assertEqual(self.kernel.value("1 + 1"), "2")

    def test_a_busy_kernel_beats_and_answers_each_interrupt(self):
        client = self.kernel.client
        self.kernel.run("1")  # the first cell waits for the compiler
        client.execute("while (true) {}")
        time.sleep(0.2)
        heart = zmq.Context.instance().socket(zmq.REQ)
        heart.connect(f"tcp://127.0.0.1:{client.hb_port}")
        heart.send(b"beat")
        self.assertTrue(heart.poll(TIMEOUT * 1000), "no heartbeat")
        heart.close()
        for _ in range(3):
            client.control_channel.send(client.session.msg("interrupt_request", {}))
        for _ in range(3):
            self.assertEqual(client.control_channel.get_msg(timeout=TIMEOUT)["content"], {"status": "ok"})
        self.assertEqual(client.get_shell_msg(timeout=TIMEOUT)["content"]["ename"], "InterruptedError")
        # Were one of them not heard, it would go on ending what runs.
        self.assertEqual(self.kernel.value("for (const end = Date.now() + 400; Date.now() < end; ); 1"), "1")

    def test_interrupt_while_a_package_is_loaded_leaves_no_half_of_it(self):
        folder = os.path.join(os.environ["KERNEL_TEST_FOLDER"], "half")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "slow.cjs"), "w", encoding="utf8") as file:
            file.write("exports.first = 1; if (!globalThis.loadFast) { console.log(1); while (true) {} } exports.second = 2;")
        slow = json.dumps(os.path.join(folder, "slow.cjs"))
        self.assertEqual(self.kernel.interrupted(f"require({slow})")["ename"], "InterruptedError")
        self.assertEqual(self.kernel.value(f"(globalThis as any).loadFast = true; require({slow}).second"), "2")

    def test_interrupt_of_promise_jobs(self):
        # In some of these runs V8 forgets the end that it was asked for.
        for _ in range(10):
            self.kernel.client.execute("while (true) await null")
            time.sleep(0.1)
            self.kernel.manager.interrupt_kernel()
            self.assertEqual(self.kernel.client.get_shell_msg(timeout=TIMEOUT)["content"]["ename"], "InterruptedError")

    def test_interrupt_of_an_idle_kernel_leaves_it_alone(self):
        control = self.kernel.client.control_channel
        for _ in range(20):
            control.send(self.kernel.client.session.msg("interrupt_request", {}))
            self.assertEqual(control.get_msg(timeout=TIMEOUT)["content"], {"status": "ok"})
            self.assertEqual(self.kernel.value("1 + 1"), "2")

    def test_no_output_is_lost(self):
        _, outputs = self.kernel.run("for (let line = 0; line < 20000; line++) console.log(line)")
        self.assertEqual(printed(outputs), "".join(f"{line}\n" for line in range(20000)))
        _, outputs = self.kernel.run("console.log('x'.repeat(50e6))")
        self.assertEqual(len(printed(outputs)), 50_000_001)

    def test_a_client_that_reads_late_gets_everything(self):
        client = self.kernel.client
        many = "import { display } from 'tslab'; for (let i = 0; i < 20000; i++) display.text('.'.repeat(1000))"
        sent = client.execute(many)
        client.get_shell_msg(timeout=TIMEOUT)  # by now more is on its way than queues and connections hold
        shown, idle = 0, False
        while not idle:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            shown += message["msg_type"] == "display_data"
            idle = message["parent_header"].get("msg_id") == sent and message["content"].get("execution_state") == "idle"
        self.assertEqual(shown, 20000)

    def test_output_keeps_its_order_and_its_bytes(self):
        _, outputs = self.kernel.run(
            "import { display } from 'tslab';\n"
            "console.log('a'); console.error('b'); display.text('c'); console.log('d');\n"
            "const bytes = Buffer.from('μ\\n'); process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1))"
        )
        shown = [m["content"].get("text") or m["content"]["data"]["text/plain"] for m in outputs]
        self.assertEqual("".join(shown[:4]) + shown[-1], "a\nb\ncd\nμ\ntrue")

    def test_displays(self):
        _, outputs = self.kernel.run("import { newDisplay } from 'tslab'; const place = newDisplay(); place.text('a'); place.text('b')")
        self.assertEqual([m["msg_type"] for m in outputs], ["display_data", "update_display_data"])
        _, outputs = self.kernel.run("({ [Symbol.for('Jupyter.display')]: () => ({ 'image/png': new Uint8Array([1, 2]) }) })")
        self.assertEqual(outputs[0]["content"]["data"], {"image/png": "AQI="})
        self.assertEqual(self.kernel.value("await new Promise((done) => process.stdout.write('', () => done('called')))"), "'called'")

    def test_comm_info(self):
        client = self.kernel.client
        client.comm_info()
        message = client.get_shell_msg(timeout=TIMEOUT)
        self.assertEqual((message["msg_type"], message["content"]), ("comm_info_reply", {"status": "ok", "comms": {}}))

    def test_what_was_sent_before_an_error_is_aborted_and_what_comes_later_runs(self):
        client = self.kernel.client
        sent = [client.execute(code) for code in ("throw new Error('first')", "let aborted = 1", "2")]
        replies = {}
        while len(replies) < 3:
            message = client.get_shell_msg(timeout=TIMEOUT)
            replies[message["parent_header"]["msg_id"]] = message["content"]["status"]
        self.assertEqual([replies[each] for each in sent], ["error", "aborted", "aborted"])
        self.assertEqual(self.kernel.value("typeof globalThis"), "'object'")
        sent = [client.execute(code, stop_on_error=False) for code in ("throw new Error('first')", "2")]
        statuses = [client.get_shell_msg(timeout=TIMEOUT)["content"]["status"] for _ in sent]
        self.assertEqual(statuses, ["error", "ok"])

    def test_process_exit_is_an_error_of_its_cell(self):
        reply, _ = self.kernel.run("process.exit(3)")
        self.assertEqual(reply["ename"], "ProcessExitError")
        reply, _ = self.kernel.run("setTimeout(() => process.exit(3), 0)")
        self.assertEqual(reply["ename"], "ProcessExitError")

    def test_an_error_after_the_reply_is_told_with_its_cell(self):
        reply, _ = self.kernel.run("setTimeout(() => { throw new Error('late') }, 60)")
        cell = reply["execution_count"]
        texts = []

        def told():
            texts.append(self.kernel.client.get_iopub_msg(timeout=TIMEOUT)["content"].get("text", ""))
            return "late" in texts[-1]

        wait_until(told)
        self.assertIn(f"after In[{cell}] had ended", texts[-1])

    def test_cells_are_checked_with_the_options_of_the_project(self):
        for code, message in (
            ("const list: number[] = [1]; list.find(Number).toFixed()", "possibly 'undefined'"),  # strict
            ("const bare = (x) => x", "implicitly has an 'any' type"),  # strict
            ("const branches = (x: number) => { if (x) return 1 }", "Not all code paths"),  # noImplicitReturns
            ("const exact: { a?: number } = { a: undefined }", "exactOptionalPropertyTypes"),
            ("class A { m() {} }; class B extends A { m() {} }", "'override' modifier"),  # noImplicitOverride
        ):
            with self.subTest(code=code):
                reply, _ = self.kernel.run(code)
                self.assertEqual(reply["ename"], "TypeCheckError")
                self.assertIn(message, reply["evalue"])

    def test_names_of_earlier_cells_in_short_object_literals(self):
        self.kernel.run("let heads = 2; const tosses = [1, 2]; const crypto = 'a name that Node has, too'")
        self.assertEqual(self.kernel.value("const all = { tosses, heads }; all"), "{ tosses: [ 1, 2 ], heads: 2 }")
        self.assertEqual(self.kernel.value("({ crypto }).crypto.length"), "25")
        self.assertEqual(self.kernel.value("((heads: number) => ({ heads }))(3)"), "{ heads: 3 }")
        self.assertEqual(self.kernel.value("({ heads } = { heads: 4 }); heads"), "4")
        self.assertEqual(self.kernel.value("({ heads = 5 } = {} as { heads?: number }); heads"), "5")

    def test_names_of_properties_that_earlier_cells_declare(self):
        self.kernel.run("const add = (x: number) => x + 1; const row = { heads: 1, deep: { tails: 2 } }; const deep = 'heads'; let other = 0")
        for code, value in (
            ("(({ heads: n }: typeof row) => add(n))(row)", "2"),
            ("[row].map(({ heads: n }) => { const m = add(n); return m; })", "[ 2 ]"),
            ("(() => { const { heads: n = add(4), deep: { tails: m } } = row; return add(n + m); })()", "4"),
            ("(() => { const { [deep]: n } = row; return add(n); })()", "2"),
            ("({ heads: other } = row); add(other)", "2"),
        ):
            with self.subTest(code=code):
                self.assertEqual(self.kernel.value(code), value)

    def test_names_that_a_failed_cell_has_not_assigned(self):
        self.kernel.run("let kept = 'before'")
        self.kernel.run("const assigned = 1; const kept = ((): number => { throw new Error('now') })(), unassigned = 2")
        self.assertEqual(self.kernel.value("[assigned, kept.toUpperCase()]"), "[ 1, 'BEFORE' ]")
        self.assertIn("Cannot find name 'unassigned'", self.kernel.run("unassigned")[0]["evalue"])

    def test_trace_names_the_lines_of_cells(self):
        first, _ = self.kernel.run("type Weight = number;\n\nfunction half(x: Weight): number {\n  return (x as any).nothing.at(0);\n}")
        second, _ = self.kernel.run("interface Unused { a: 1 }\n\nhalf(1)")
        trace = "\n".join(second["traceback"])
        self.assertIn(f"at half (In[{first['execution_count']}]:4:29)", trace)
        self.assertIn(f"at In[{second['execution_count']}]:3:1", trace)
        self.assertIn("return (x as any).nothing.at(0);", trace)
        self.assertEqual(trace.count("    at "), 2, trace)  # none of Node's, tslab's or the kernel's own

    def test_errors_that_defy_looking_at_them(self):
        for code in (
            "throw new Proxy({}, { get() { throw 1 } })",
            "throw Object.assign(new Error('x'), { get message(): string { throw new Error('no') } })",
            "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } }",
            "throw Object.defineProperty(new Error('x'), 'stack', { get() { throw new Error('no') } })",
            "({ [Symbol.for('Jupyter.display')]() { throw new Error('no') } })",
            "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 1n }) })",
            "Error.prototype.name = 7 as any; throw new Error('x')",
            "Error.prototype.name = 'Error'; throw Symbol('s')",
        ):
            with self.subTest(code=code):
                reply, outputs = self.kernel.run(code)
                self.assertEqual(reply["status"], "error")
                self.assertEqual(outputs[-1]["msg_type"], "error")
                self.assertIsInstance(reply["ename"], str)
        self.assertEqual(self.kernel.value("1 + 1"), "2")

    def test_corrupt_messages_are_refused(self):
        info = self.kernel.client.get_connection_info()
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.connect(f"tcp://{info['ip']}:{info['shell_port']}")
        right = Session(key=info["key"])
        message = right.msg("execute_request", {"code": "globalThis.corrupt = true", "silent": False})
        wrong_key = Session(key=b"wrong").serialize(message)
        frames = right.serialize(message)
        bad_json = [b"{", b"{}", b"{}", b"{}"]
        header_only = [b"[]", b"{}", b"{}", b"{}"]
        for corrupt in (
            wrong_key,
            frames[:3],
            [b"nonsense"],
            [b"<IDS|MSG>", right.sign(bad_json), *bad_json],
            [b"<IDS|MSG>", right.sign(header_only), *header_only],
            [b"<IDS|MSG>", b"", *frames[2:]],
        ):
            socket.send_multipart(corrupt)
        self.assertFalse(socket.poll(300))
        socket.close()
        self.assertEqual(self.kernel.value("'corrupt' in globalThis"), "false")

    def test_silent_cells_leave_no_trace(self):
        before = self.kernel.run("1")[0]["execution_count"]
        reply, outputs = self.kernel.run("console.log('quiet'); 2", silent=True)
        self.assertEqual((reply["execution_count"], outputs), (before, []))

    def test_completion_and_inspection_count_code_points(self):
        client = self.kernel.client
        client.complete("'😀'.codeP")
        content = client.get_shell_msg(timeout=TIMEOUT)["content"]
        self.assertEqual((content["matches"], content["cursor_start"], content["cursor_end"]), (["codePointAt"], 4, 9))
        client.inspect("'😀'; Math.cbrt", 12)
        data = client.get_shell_msg(timeout=TIMEOUT)["content"]["data"]
        self.assertIn("cbrt(x: number): number", data["text/plain"])
        self.assertIn("cube root", data["text/markdown"])
        client.inspect("'😀';Math", 4)
        self.assertTrue(client.get_shell_msg(timeout=TIMEOUT)["content"]["found"])

    def test_inspection_names_its_tags(self):
        client = self.kernel.client
        code = "/** Halves.\n * @param x even\n * @throws where it is odd\n */\nfunction half(x: number) {}\nhalf"
        client.inspect(code, len(code))
        text = client.get_shell_msg(timeout=TIMEOUT)["content"]["data"]["text/plain"]
        self.assertIn("half(x: number)", text)
        self.assertTrue(text.endswith("\n\nHalves.\n@param x even\n@throws where it is odd"), text)


class Lifetime(unittest.TestCase):
    def test_shutdown_and_restart_of_a_busy_kernel(self):
        for code in ("setInterval(() => {}, 10)", "console.log(1); while (true) {}"):
            with self.subTest(code=code):
                kernel = Client()
                try:
                    kernel.client.execute(code)
                    kernel.manager.restart_kernel()
                    kernel.client.wait_for_ready(timeout=TIMEOUT)
                    self.assertFalse(alive(kernel.pid))
                    self.assertEqual(kernel.value("1 + 1"), "2")
                    pid = kernel.manager.provisioner.pid
                    kernel.client.execute(code)
                    kernel.client.shutdown(restart=True)
                    reply = kernel.client.control_channel.get_msg(timeout=TIMEOUT)["content"]
                    self.assertEqual(reply, {"status": "ok", "restart": True})
                    wait_until(lambda: not alive(pid))
                finally:
                    kernel.close()

    @unittest.skipUnless(os.path.isdir("/proc"), "reads process states from /proc")
    def test_kernel_whose_client_is_killed_ends(self):
        for code in ("1", "while (true) {}"):
            with self.subTest(code=code):
                program = (
                    "import sys, time; from jupyter_client.manager import start_new_kernel\n"
                    f"manager, client = start_new_kernel(kernel_name={KERNEL!r})\n"
                    f"client.execute({code!r}); print(manager.provisioner.pid, flush=True); time.sleep(60)"
                )
                with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
                    pid = int(parent.stdout.readline())
                    parent.send_signal(signal.SIGKILL)
                try:
                    wait_until(lambda pid=pid: not alive(pid))
                finally:
                    if alive(pid):
                        os.kill(pid, signal.SIGKILL)

    def test_rebuilt_package_is_seen_by_the_next_import(self):
        package = os.path.join(os.environ["KERNEL_TEST_FOLDER"], "rebuilt")

        def build(value, type_name):
            """As scripts/build.mjs does it: the new folder takes the old one's place."""
            fresh = f"{package}-fresh"
            os.makedirs(fresh, exist_ok=True)
            for name, text in (("package.json", '{"type":"commonjs"}'), ("index.js", f"exports.version = {value};"), ("index.d.ts", f"export declare const version: {type_name};")):
                with open(os.path.join(fresh, name), "w", encoding="utf8") as file:
                    file.write(text)
            subprocess.run(["rm", "-rf", package], check=True)
            os.rename(fresh, package)

        build("1", "number")
        path = json.dumps(package)
        kernel = Client()
        try:
            self.assertEqual(kernel.value(f"import {{ version }} from {path}; version.toFixed(1)"), "'1.0'")
            build("'two'", "string")
            for _ in range(2):
                reply, outputs = kernel.run("version")
                self.assertEqual(outputs[-1]["content"]["data"]["text/plain"], "1")
                self.assertIn("index.js was rebuilt. Run the cells again from the one that imports it", printed(outputs))
            reply, outputs = kernel.run(f"import {{ version }} from {path}; version.toUpperCase()")
            self.assertEqual(reply["status"], "ok", reply)
            self.assertEqual(outputs[-1]["content"]["data"]["text/plain"], "'TWO'")
            self.assertEqual(printed(outputs), "")
            self.assertEqual(printed(kernel.run("version")[1]), "")
        finally:
            kernel.close()


if __name__ == "__main__":
    unittest.main()

"""That no cell makes the kernel hang, fall, or show something under the wrong cell; that it asks its reader, and speaks the
protocol to the letter. Run by kernel.test.ts, which names the kernel in KERNEL_NAME."""
import json
import time
import unittest

from kernel_behaviour import TIMEOUT, Client, printed, wait_until


class Guards(unittest.TestCase):
    def setUp(self):
        self.kernel = Client()

    def tearDown(self):
        self.kernel.close()

    def shown(self, code):
        reply, outputs = self.kernel.run(code)
        self.assertEqual(reply["status"], "ok", reply)
        return printed(outputs)

    def test_half_a_surrogate_pair(self):
        text = self.shown("const s = 'a😀b'; for (let i = 0; i < s.length; i++) console.log(s[i])")
        self.assertEqual(text, "a\n\ufffd\n\ufffd\nb\n")
        self.assertEqual(self.shown("console.log('😀 \\\\ud83d')"), "😀 \\ud83d\n")
        reply, _ = self.kernel.run("throw new Error('half ' + s[1])")
        json.dumps(reply).encode("utf8")
        self.assertEqual(reply["evalue"], "half \ufffd")

    def test_replaced_timers_and_console(self):
        for code in (
            "import { mock } from 'node:test'; mock.timers.enable(); 1",
            "(globalThis as any).setTimeout = () => 0; (globalThis as any).setImmediate = () => 0; 1",
            "(globalThis as any).console = {}; (globalThis as any).queueMicrotask = () => {}; 1",
        ):
            with self.subTest(code=code):
                self.assertEqual(self.kernel.value(code), "1")
                self.assertEqual(self.kernel.value("1 + 1"), "2")
        self.assertEqual(self.kernel.interrupted("process.stdout.write('1'); while (true) {}")["ename"], "InterruptedError")

    def test_removed_handlers(self):
        self.kernel.run("process.removeAllListeners('uncaughtException'); process.removeAllListeners('unhandledRejection')")
        reply, _ = self.kernel.run("setTimeout(() => { throw new Error('thrown') }, 1); await new Promise((done) => setTimeout(done, 500))")
        self.assertEqual(reply["evalue"], "thrown")
        reply, _ = self.kernel.run("void Promise.reject(new Error('refused')); await new Promise((done) => setTimeout(done, 500))")
        self.assertIn("refused", json.dumps(reply))
        self.assertEqual(self.kernel.value("1 + 1"), "2")

    def test_handlers_of_the_readers_own(self):
        self.kernel.run("const seen: string[] = []; process.on('unhandledRejection', (e) => seen.push(String(e)))")
        reply, _ = self.kernel.run("void Promise.reject('mine'); await new Promise((done) => setTimeout(done, 50)); 1")
        self.assertEqual(reply["status"], "ok")
        self.kernel.run("process.on('uncaughtException', (e) => seen.push(e.message)); setTimeout(() => { throw new Error('too') }, 1)")
        wait_until(lambda: self.kernel.value("seen.join()") == "'mine,too'")

    def test_traces_whatever_prepares_them(self):
        for code in (
            "Error.prepareStackTrace = (error) => 'mine'; delete (Error as any).prepareStackTrace",
            "Error.prepareStackTrace = () => 'mine'",
            "Error.prepareStackTrace = () => { throw 1 }",
        ):
            with self.subTest(code=code):
                self.kernel.run(code)
                reply, _ = self.kernel.run("\nthrow new Error('here')")
                trace = "\n".join(reply["traceback"])
                self.assertEqual(reply["evalue"], "here")
                self.assertIn(f"In[{reply['execution_count']}]:2:7", trace)
                self.assertNotIn("kernel/dist", trace)

    def test_proxies_and_large_objects_as_results(self):
        for code in (
            "new Proxy({}, { get: () => () => 42 })",
            "new Proxy({}, { get: () => () => undefined })",
            "new Proxy({}, { get() { throw new Error('no') } })",
            "new Proxy(() => {}, { get: () => () => null, apply: () => { throw 1 } })",
        ):
            with self.subTest(code=code):
                self.assertNotEqual(self.kernel.value(code), "")
        text = self.kernel.value("Object.fromEntries(Array.from({ length: 100000 }, (_, i) => ['k' + i, i]))")
        self.assertLess(len(text), 4000)
        self.assertIn("... 99900 more entries", text)

    def test_a_late_error_fails_no_innocent_cell(self):
        for late in (
            "setTimeout(() => { throw new Error('late') }, 300); 1",
            "setTimeout(() => { void Promise.reject(new Error('late')) }, 300); 1",
            "(async () => { await new Promise((done) => setTimeout(done, 300)); throw new Error('late') })(); 1",
        ):
            with self.subTest(late=late):
                first, _ = self.kernel.run(late)
                before = self.kernel.client.session.msg_id
                reply, outputs = self.kernel.run("await new Promise((done) => setTimeout(done, 900)); const important = 5; important")
                self.assertEqual(reply["status"], "ok", reply)
                self.assertEqual(self.kernel.value("important"), "5")
                told = [m for m in outputs if "late" in m["content"].get("text", "")]
                self.assertEqual(len(told), 0, "told below the cell that runs")

    def test_a_late_error_is_told_below_its_own_cell(self):
        client = self.kernel.client
        sent = client.execute("setTimeout(() => { throw new Error('late') }, 300); 1")
        client.get_shell_msg(timeout=TIMEOUT)
        client.execute("await new Promise((done) => setTimeout(done, 900))")
        while True:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            if "late" in message["content"].get("text", ""):
                break
        self.assertEqual(message["parent_header"]["msg_id"], sent)
        self.assertIn("after In[1] had ended", message["content"]["text"])
        client.get_shell_msg(timeout=TIMEOUT)

    def test_output_goes_to_its_cell(self):
        client = self.kernel.client
        first = client.execute("setTimeout(() => console.log('timer'), 300); Promise.resolve().then(async () => { await new Promise((done) => setTimeout(done, 350)); console.log('promise') }); 1")
        client.get_shell_msg(timeout=TIMEOUT)
        client.execute("await new Promise((done) => setTimeout(done, 900)); console.log('mine')")
        parents = {}
        while "mine" not in parents:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            for word in ("timer", "promise", "mine"):
                if word in message["content"].get("text", ""):
                    parents[word] = message["parent_header"]["msg_id"]
        self.assertEqual((parents["timer"], parents["promise"]), (first, first))
        self.assertNotEqual(parents["mine"], first)
        client.get_shell_msg(timeout=TIMEOUT)

    def test_output_of_children_descriptors_and_workers(self):
        for code, text in (
            ("import { execSync, spawnSync } from 'node:child_process'; execSync('echo inherited', { stdio: 'inherit' })", "inherited\n"),
            ("spawnSync('sh', ['-c', 'echo out; echo err >&2'], { stdio: 'inherit' })", "out\nerr\n"),
            ("import { spawn } from 'node:child_process'; const child = spawn('echo', ['spawned'], { stdio: ['ignore', 'inherit', 'inherit'] }); await new Promise((done) => child.on('close', done))", "spawned\n"),
            ("import fs from 'node:fs'; fs.writeSync(1, 'descriptor\\n')", "descriptor\n"),
            ("fs.writeSync(2, Buffer.from('bytes\\n'))", "bytes\n"),
            ("process.stdout.write('aGk=', 'base64'); process.stdout.end('x'); console.log('after')", "hixafter\n"),
            ("import { Worker } from 'node:worker_threads'; await new Promise((done) => new Worker(\"console.log('worker')\", { eval: true }).on('exit', done)); await new Promise((done) => setTimeout(done, 50))", "worker\n"),
        ):
            with self.subTest(code=code):
                self.assertEqual(self.shown(code), text)
        reply, _ = self.kernel.run("execSync('exit 3', { stdio: 'inherit' })")
        self.assertIn("Command failed", reply["evalue"])
        self.assertEqual(self.kernel.value("execSync('echo kept').toString()"), "'kept\\n'")


class Questions(unittest.TestCase):
    def setUp(self):
        self.kernel = Client()

    def tearDown(self):
        self.kernel.close()

    def asked(self, code, *answers):
        """The reply of a cell that asks, and what it has asked."""
        client = self.kernel.client
        client.execute(code, allow_stdin=True)
        prompts = []
        for answer in answers:
            prompts.append(client.get_stdin_msg(timeout=TIMEOUT)["content"]["prompt"])
            client.input(answer)
        reply = client.get_shell_msg(timeout=TIMEOUT)["content"]
        text = ""
        while True:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "execute_result":
                text = message["content"]["data"]["text/plain"]
            if message["content"].get("execution_state") == "idle":
                return reply, prompts, text

    def test_prompt_confirm_and_alert(self):
        _, prompts, text = self.asked("const name = prompt('Your name?'); name", "Ada")
        self.assertEqual((prompts, text), (["Your name? "], "'Ada'"))
        self.assertEqual(self.asked("[confirm('Sure?'), confirm('Sure?')]", "y", "")[2], "[ true, false ]")
        self.assertEqual(self.asked("alert('read this'); prompt('n', '7')", "", "")[2], "'7'")

    def test_readline(self):
        code = (
            "import readline from 'node:readline/promises';\n"
            "const ask = readline.createInterface({ input: process.stdin, output: process.stdout });\n"
            "const first = await ask.question('first? '); const second = await ask.question('second? '); ask.close();\n"
            "[first, second]"
        )
        self.assertEqual(self.asked(code, "a", "b")[2], "[ 'a', 'b' ]")

    def test_where_nobody_can_answer(self):
        reply, _ = self.kernel.run("prompt('name?')")
        self.assertEqual(reply["ename"], "NobodyAnswersError")
        self.assertEqual(self.kernel.value("1 + 1"), "2")

    def test_a_question_can_be_interrupted(self):
        client = self.kernel.client
        client.execute("prompt('never answered')", allow_stdin=True)
        client.get_stdin_msg(timeout=TIMEOUT)
        self.kernel.manager.interrupt_kernel()
        self.assertEqual(client.get_shell_msg(timeout=TIMEOUT)["content"]["ename"], "InterruptedError")
        self.assertEqual(self.kernel.value("1 + 1"), "2")


class Protocol(unittest.TestCase):
    def setUp(self):
        self.kernel = Client()

    def tearDown(self):
        self.kernel.close()

    def test_kernel_info_on_control_while_a_cell_runs(self):
        client = self.kernel.client
        self.kernel.run("1")
        sent = client.execute("await new Promise((done) => setTimeout(done, 1500))")
        time.sleep(0.2)
        begun = time.monotonic()
        client.control_channel.send(client.session.msg("kernel_info_request", {}))
        reply = client.control_channel.get_msg(timeout=TIMEOUT)
        self.assertEqual(reply["msg_type"], "kernel_info_reply")
        self.assertLess(time.monotonic() - begun, 1, "it has waited for the cell")
        client.get_shell_msg(timeout=TIMEOUT)
        while True:  # no page is told "idle" before the cell has ended
            message = client.get_iopub_msg(timeout=TIMEOUT)
            if message["content"].get("execution_state") == "idle":
                break
        self.assertEqual(message["parent_header"]["msg_id"], sent)

    def test_the_header_claims_the_version_that_is_spoken(self):
        self.kernel.client.kernel_info()
        message = self.kernel.client.get_shell_msg(timeout=TIMEOUT)
        self.assertEqual(message["header"]["version"], message["content"]["protocol_version"])

    def test_a_comm_to_nobody_is_closed(self):
        client = self.kernel.client
        client.shell_channel.send(client.session.msg("comm_open", {"comm_id": "c1", "target_name": "none", "data": {}}))
        while True:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "comm_close":
                break
        self.assertEqual(message["content"]["comm_id"], "c1")

    def test_shutdown_is_told_to_all_clients(self):
        client = self.kernel.client
        client.shutdown(restart=True)
        while True:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "shutdown_reply":
                break
        self.assertEqual(message["content"], {"status": "ok", "restart": True})

    def test_requests_that_are_odd(self):
        client = self.kernel.client
        for content in ({}, {"code": ""}, {"code": None, "silent": False}, {"code": "1", "store_history": False}):
            with self.subTest(content=content):
                client.shell_channel.send(client.session.msg("execute_request", content))
                self.assertIn(client.get_shell_msg(timeout=TIMEOUT)["content"]["status"], ("ok", "error"))
        for kind in ("complete_request", "inspect_request"):
            for content in ({"code": "Math.", "cursor_pos": 99}, {"code": "Math.", "cursor_pos": -1}, {"code": "Math."}, {}):
                with self.subTest(kind=kind, content=content):
                    client.shell_channel.send(client.session.msg(kind, content))
                    self.assertIn(client.get_shell_msg(timeout=TIMEOUT)["content"]["status"], ("ok", "error"))
        self.assertEqual(self.kernel.value("1 + 1"), "2")


if __name__ == "__main__":
    unittest.main(verbosity=2)

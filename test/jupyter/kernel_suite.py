"""jupyter_kernel_test on our kernel; run by kernel.test.ts, which names the kernel in KERNEL_NAME."""
import os
import unittest

import jupyter_kernel_test

KERNEL = os.environ.get("KERNEL_NAME", "tslab")


class KernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('a warning')"
    code_generate_error = "throw new Error('on purpose')"
    code_clear_output = "import { clearOutput } from 'em-kernel'; clearOutput()"
    code_inspect_sample = "Math.max"
    completion_samples = [
        {"text": "Math.cb", "matches": ["cbrt"]},
        # What only contains the text comes after what begins with it.
        {"text": "Math.lo", "matches": ["log", "log10", "log1p", "log2", "LOG10E", "LOG2E", "floor"]},
        {"text": "'text'.codeP", "matches": ["codePointAt"]},
    ]
    complete_code_samples = ["1", "await 1", "const same = <T>(x: T): T => x", "// a remark", "for await (const x of []) {}"]
    incomplete_code_samples = ["function f() {", "[1,", "`text", "`a ${1}\n b ", "`a ${", "/* a\nremark ", "f(", "const a =", "if (x) {\n  f()", "class A {"]
    invalid_code_samples = ["const 1 = 2", "let = = 3", "}", "'text\n'", "f(]"]
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2]", "result": "[ 1, 2 ]"},
        {"code": "'text'", "result": "'text'"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>b</b>' }) })", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>b</b>')", "mime": "text/html"},
        {"code": "import { display as show, mime } from 'em-kernel'; show(mime({ 'image/svg+xml': '<svg/>' }))", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")
    # No code_page_something: the protocol deprecates payloads, and tslab has no pager.


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()

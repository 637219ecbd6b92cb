# Configuration for `jupyter nbconvert --execute`: tells scripts/lesson.mjs, in JSON lines, which cell runs and which failed.
import json


def report(event, cell_index, **content):
    print(json.dumps({"event": event, "cell": cell_index, **content}), flush=True)


def cell_error(cell, cell_index, execute_reply):
    content = execute_reply["content"]
    stderr = "".join(output.text for output in cell.outputs if output.get("name") == "stderr")
    report("error", cell_index, stderr=stderr, **{key: content.get(key) for key in ("ename", "evalue", "traceback")})


preprocessor = get_config().ExecutePreprocessor  # noqa: F821 (Jupyter defines get_config here)
preprocessor.on_cell_execute = lambda cell, cell_index: report("start", cell_index)
preprocessor.on_cell_executed = lambda cell, cell_index, execute_reply: report("done", cell_index)
preprocessor.on_cell_error = cell_error
preprocessor.record_timing = False  # so that the same run leaves the same bytes
preprocessor.timeout = 600

"""What papermill needs to give parameters to a TypeScript notebook: how values and declarations are written.

papermill (up to 2.7) looks for engines and file systems among installed packages, and not for translators. So this one comes
with the name of an engine, which is papermill's own: by loading it papermill loads this file.
"""

import json
import re

from papermill.engines import NBClientEngine as Engine  # noqa: F401 (what the entry point names)
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    """`papermill in.ipynb out.ipynb -p name value` becomes a cell `let name = value;`.

    `let`, so that cells below may still assign to it.
    """

    @classmethod
    def translate(cls, val):
        # JSON is TypeScript. Python's adds NaN and Infinity, which are names there, too; anything else is written as text.
        return json.dumps(val, default=str)

    @classmethod
    def comment(cls, cmt_str):
        return "\n".join(f"// {line}".rstrip() for line in cmt_str.split("\n"))

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """The declarations of one line: name, type, value, and the comment behind it."""
        declaration = r"^(?:const|let|var) ([\w$]+)(?:: *([^=]+?))? *= *(.*?);? *(?://(.*))?$"
        return [
            Parameter(
                name=name, inferred_type_name=kind or "None", default=value, help=(comment or "").strip()
            )
            for name, kind, value, comment in re.findall(declaration, parameters_cell["source"], re.MULTILINE)
        ]


papermill_translators.register("typescript", TypeScriptTranslator)

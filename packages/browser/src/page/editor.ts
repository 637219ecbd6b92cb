// The editor of a cell, loaded when the reader first presses Edit: CodeMirror with the compiler's completion, hover and errors.
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Completion, Explanation } from "em-kernel/engine/assist";
import type { Finding, Place } from "em-kernel/engine/findings";

/** What an editor needs of its page. */
export interface Hooks {
  /** What it is, for a reader's aids. */
  readonly label: string;
  changed(code: string): void;
  run(): void;
  complete(code: string, offset: number): Promise<Completion>;
  explain(code: string, offset: number): Promise<Explanation | undefined>;
  check(code: string): Promise<readonly Finding[]>;
}

export interface Editor {
  focus(): void;
  close(): void;
}

/** Opens an editor in an element of the page. */
export type OpenEditor = (place: HTMLElement, code: string, hooks: Hooks) => Editor;

/** The colours of the page's code. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.typeName, tags.bool, tags.null], color: "var(--keyword)" },
  { tag: [tags.string, tags.regexp], color: "var(--string)" },
  { tag: tags.number, color: "var(--number)" },
  { tag: [tags.function(tags.variableName), tags.className, tags.definition(tags.typeName)], color: "var(--name)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const mono = 'ui-monospace, "DejaVu Sans Mono", monospace';
const look = EditorView.theme({
  "&": { backgroundColor: "var(--shade)", border: "1px solid var(--line)", borderRadius: "4px", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "2px solid var(--link)" },
  ".cm-scroller": { fontFamily: mono, lineHeight: "1.45" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-line": { padding: "0 0.8rem" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip pre, .cm-tooltip p": { margin: "0.3rem 0.5rem", maxWidth: "36rem", whiteSpace: "pre-wrap" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--paper)" },
  ".cm-matchingBracket": { backgroundColor: "var(--line)" },
});

const open: OpenEditor = (place, code, hooks) => {
  const run = (): true => {
    hooks.run();
    return true; // the key has no other meaning
  };
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: code,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run },
          { key: "Mod-Enter", run },
          // Tab goes on to the next button: who uses a keyboard alone is not held in the editor.
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...completionKeymap,
        ]),
        history(),
        closeBrackets(),
        bracketMatching(),
        indentUnit.of("  "),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": hooks.label, spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) hooks.changed(state.doc.toString());
        }),
        autocompletion({ override: [(context) => completions(context, hooks)] }),
        hoverTooltip((view, offset) => explanation(view, offset, hooks)),
        linter(
          async ({ state }) => (await hooks.check(state.doc.toString())).map((each) => diagnostic(state.doc, each)),
          {
            delay: 500,
          },
        ),
        look,
      ],
    }),
  });
  return { focus: () => view.focus(), close: () => view.destroy() };
};

async function completions(context: CompletionContext, hooks: Hooks): Promise<CompletionResult | null> {
  const { pos, explicit, state } = context;
  if (!explicit && context.matchBefore(/[\w$.]/) === null) return null;
  const { start, end, candidates } = await hooks.complete(state.doc.toString(), pos);
  if (candidates.length === 0) return null;
  return { from: start, to: end, options: candidates.map((label) => ({ label })), validFor: /^[\w$]*$/ };
}

async function explanation(view: EditorView, offset: number, hooks: Hooks): Promise<Tooltip | null> {
  const found = await hooks.explain(view.state.doc.toString(), offset);
  if (!found) return null;
  const dom = document.createElement("div");
  const signature = document.createElement("pre");
  signature.textContent = found.signature;
  const text = document.createElement("p");
  text.textContent = found.text;
  dom.append(signature, ...(found.text === "" ? [] : [text]));
  return { pos: offset, create: () => ({ dom }) };
}

function diagnostic(doc: Text, { start, end, text }: Finding): Diagnostic {
  const offset = ({ line, character }: Place): number => {
    const at = doc.line(Math.min(line + 1, doc.lines));
    return Math.min(at.from + character, at.to);
  };
  return { from: offset(start), to: offset(end), severity: "error", message: text };
}

Object.assign(globalThis, { emEditor: open });

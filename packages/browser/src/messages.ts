// What a page and its worker say to each other.
import type { Completion, Explanation } from "em-kernel/engine/assist";
import type { Finding } from "em-kernel/engine/findings";
import type { MimeBundle } from "em-kernel/mime-bundle";

/** What a cell shows, as the notebook format has it. */
export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly output_type: "display_data" | "execute_result"; readonly data: MimeBundle; readonly display?: string }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** What an editor asks, and what it is answered. */
export type Question =
  | { readonly about: "complete" | "explain"; readonly code: string; readonly offset: number }
  | { readonly about: "check"; readonly code: string };
export type Answer = Completion | Explanation | readonly Finding[] | undefined;

/** What the page asks of the worker. */
export type Asked =
  /** First of all: an address that is readable until the page wants loops to end; undefined where none can be read. */
  | { readonly do: "begin"; readonly flag: string | undefined }
  | { readonly do: "run"; readonly run: number; readonly code: string }
  | { readonly do: "interrupt" }
  /** Cells that have not run yet: what they declare is known to the editors below them. */
  | { readonly do: "know"; readonly codes: readonly string[] }
  | { readonly do: "ask"; readonly ask: number; readonly question: Question }
  /** The next address of this kind, after an interrupt. */
  | { readonly do: "flag"; readonly flag: string };

/** What the worker tells the page. */
export type Told =
  | { readonly tell: "ready" }
  | { readonly tell: "output"; readonly run: number; readonly output: Output }
  /** Replaces what was shown under this name. */
  | { readonly tell: "update"; readonly display: string; readonly data: MimeBundle }
  | { readonly tell: "clear"; readonly run: number; readonly wait: boolean }
  | { readonly tell: "done"; readonly run: number; readonly failed: boolean }
  | { readonly tell: "answer"; readonly ask: number; readonly answer: Answer };

// An editor for SPARQL: colours, completion from the graph's own terms and from what the query names itself.

import { autocompletion, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Terms } from "./server";

const WORDS =
  "SELECT ASK CONSTRUCT DESCRIBE DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND EXISTS ORDER GROUP HAVING LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR REGEX CONTAINS STRSTARTS LCASE STR BOUND COALESCE IF IN NOT DESC ASC PREFIX UNDEF".split(
    " ",
  );

/** Make an editor in `host`; `changed` is told of its text, `run` of Ctrl-Enter. */
export function makeEditor(host: HTMLElement, text: string, terms: Terms, changed: (text: string) => void, run: () => void): EditorView {
  // in a tree of its own its styles are sheets that scripts adopt: the page's policy allows no style inside it
  const root = host.attachShadow({ mode: "open" });
  const known: Completion[] = [
    ...terms.terms.map((label) => ({ label, type: /[:][A-Z]/.test(label) ? "class" : "property" })),
    ...Object.entries(terms.prefixes).map(([prefix, iri]) => ({ label: `${prefix}:`, detail: iri, type: "namespace", boost: -1 })),
    ...WORDS.map((label) => ({ label, type: "keyword", boost: -2 })),
  ];
  const complete = (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[?$]?[\w:-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) {
      const names = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
      names.delete(word.text);
      return { from: word.from, options: [...names].map((label) => ({ label, type: "variable" })) };
    }
    return { from: word.from, options: known, validFor: /^[\w:-]*$/ };
  };
  const colours = HighlightStyle.define([
    { tag: tags.keyword, color: "var(--keyword)", fontWeight: "600" },
    { tag: [tags.variableName, tags.standard(tags.variableName)], color: "var(--variable)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
    { tag: [tags.atom, tags.tagName, tags.propertyName, tags.attributeName], color: "var(--term)" },
    { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
    { tag: tags.operator, color: "var(--quiet)" },
  ]);
  const view: EditorView = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        autocompletion({ override: [complete] }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "SPARQL query; Escape then Tab leaves it" }),
        keymap.of([
          { key: "Mod-Enter", run: () => (run(), true) },
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
        EditorView.theme({
          "&": { height: "100%", fontSize: "14px", color: "var(--text)", backgroundColor: "var(--paper)" },
          ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.45" },
          ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--quiet)", border: "none" },
          ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
          ".cm-cursor": { borderLeftColor: "var(--text)" },
          "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--mark) !important" },
          ".cm-tooltip": { backgroundColor: "var(--panel)", color: "var(--text)", borderColor: "var(--line)" },
        }),
      ],
    }),
  });
  return view;
}

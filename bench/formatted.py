"""Time ``llmcomp bib --format text --style ieee`` of 1,000 works against pandoc alone on CSL-JSON that is ready.

Run: ``python bench/formatted.py [TURNS]``; needs the extra ``styles``.

The works are those of the shipped list and made-up ones up to 1,000. pandoc is the same program for both, and it reads
what ``llmcomp bib --format csl-json`` wrote of the same works. It is asked in two ways: the one for a file that is all
references, and the one for a document that cites them, which prints them as HTML and is faster. llmcomp reads its graph
first, and has two pandocs work at once on two cores, for IEEE's references depend on each other in their numbers alone;
where other work takes a core, that part of the gain is gone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import turns

WORKS, RATIO = 1_000, 1.2
PEER, FASTER = "pandoc -f csljson -t plain", "pandoc --bibliography -t html"


def main() -> None:
    from llmcomp.exports.pandoc import find_pandoc
    from llmcomp.exports.styles import read_style

    pandoc = find_pandoc()
    turns.print_machine()
    with TemporaryDirectory() as name:
        folder = Path(name)
        style = folder / "ieee.csl"
        style.write_bytes(read_style("ieee"))
        graph = str(folder / "graph")
        turns.run(turns.llmcomp_command("build", "--graph", graph, str(long_list(folder))))
        bib = turns.llmcomp_command("bib", "--graph", graph, "-q", "--format")
        ready, document = folder / "refs.json", folder / "all.md"
        turns.run([*bib, "csl-json", "-o", str(ready)])
        count = ready.read_text("utf-8").count('\n    "id": ')
        if count != WORKS:
            sys.exit(f"{count} works instead of {WORKS}")
        document.write_text("---\nnocite: '@*'\n---\n", "utf-8")
        citing = [pandoc, "--citeproc", f"--csl={style}"]
        commands: dict[str, turns.Command] = {
            PEER: lambda _: [*citing, "-f", "csljson", "-t", "plain", str(ready)],
            "llmcomp bib --format text": lambda _: [*bib, "text"],
            FASTER: lambda _: [*citing, f"--bibliography={ready}", "-t", "html", str(document)],
            "llmcomp bib --format html": lambda _: [*bib, "html"],
        }
        costs = turns.in_turns(commands, turns.turns_of(9))
    turns.print_costs(costs, peer=PEER)
    for peer, ours in ((PEER, "text"), (FASTER, "html")):
        measured = turns.ratio(costs[f"llmcomp bib --format {ours}"], costs[peer])
        turns.print_claim(f"{ours}: times {peer},", measured, RATIO)


def long_list(folder: Path) -> Path:
    """Write a list of 1,000 works: the shipped one and as many made-up rows as it lacks."""
    import llmcomp
    from llmcomp.kg.facts import shipped_list

    section, lines = "", ["# List"]
    for entry in shipped_list().entries:
        if entry.section != section:
            section = entry.section
            lines.append(f"\n## {section}\n")
        links = " ".join(f"[[{link.label}]]({link.url})" for link in entry.links)
        lines.append(f"- {entry.title} <br> {entry.venue} {links}")
    path = folder / "list.md"
    path.write_text("\n".join(lines), "utf-8")
    built = llmcomp.build_graph(folder / "shipped", [str(path)])
    for n in range(WORKS - built.works if built else WORKS):
        address = f"https://arxiv.org/abs/1701.{n:05d}"
        lines.append(f"- QuIP-{n}: A Made-up View of Large Language Models <br> Arxiv 2017 [[Paper]]({address})")
    path.write_text("\n".join(lines), "utf-8")
    return path


if __name__ == "__main__":
    main()

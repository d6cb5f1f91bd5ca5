#!/usr/bin/python3
"""Writes the manual page notafter.yaml(5) from docs/configuration.md, on standard output.

    scripts/manual.py [DATE]

DATE is the page's date, as 2026-11-28; without it, that of the newest version in CHANGELOG.md. Markdown is parsed by Debian's
python3-markdown-it. The page has every key of config/notafter.schema.json, or this fails.
"""

import datetime
import json
import pathlib
import re
import sys
import textwrap

try:
    from markdown_it import MarkdownIt
except ImportError:
    raise SystemExit("manual: python3-markdown-it is missing: run scripts/install-dependencies.sh build") from None

ROOT = pathlib.Path(__file__).resolve().parent.parent
# mandoc asks for lines of at most 80 bytes.
WIDTH = 78
SENTENCE_END = re.compile(r"(?<=[.?!:;]) +(?=[A-Z`'\"(\\])")


def escaped(text):
    """Text that roff prints as it is."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")


def prose(text):
    """Text between code spans: a hyphen may stay one."""
    return text.replace("\\", "\\e")


def inline(token):
    """The roff text of one inline token: code is bold, links are their text, with the address of a foreign one."""
    parts, address = [], None
    for child in token.children:
        match child.type:
            case "text":
                parts.append(prose(child.content))
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "code_inline":
                # A blank within code is no place to break the line.
                parts.append("\\fB" + escaped(child.content).replace(" ", "\\ ") + "\\fP")
            case "link_open":
                address = child.attrGet("href")
            case "link_close":
                if address.startswith("https:"):
                    parts.append(f" (\\fI{escaped(address)}\\fP)")
            case "strong_open" | "em_open":
                parts.append("\\fI")
            case "strong_close" | "em_close":
                parts.append("\\fP")
            case other:
                raise SystemExit(f"docs/configuration.md: no rule for {other} in {token.content!r}")
    return "".join(parts)


def lines(text):
    """Text as mdoc wants it: a sentence begins a line, and no line begins with a control character."""
    for sentence in SENTENCE_END.split(text.strip()):
        for line in textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False):
            yield "\\&" + line if line[0] in ".'" else line


def table(tokens):
    """The rows of a table, each a list of inline tokens, without the heading."""
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token)
    return rows[0], rows[1:]


def key_list(rows):
    """A tagged list of keys: type and default first, then the meaning."""
    yield ".Bl -tag -width Ds"
    for key, kind, default, meaning in rows:
        yield f".It Sy {key.content.strip('`')}"
        facts = [inline(kind)] if kind.content else []
        if default.content == "required" or default.content == "one of the two":
            facts.append(inline(default))
        elif default.content:
            facts.append("default: " + inline(default))
        yield from lines(f"({'; '.join(facts)})" if facts else "")
        yield ".br"
        yield from lines(inline(meaning))
    yield ".El"


def heading(token, level):
    """The heading of a section; of several mappings with the same keys, the first names it and a sentence the others."""
    paths = [path.strip("`") for path in token.content.split(", ")]
    title = paths[0].upper() if level == "h2" and "`" not in token.content else paths[0]
    # A bracket at the end would be taken for punctuation.
    yield f".{'Sh' if level == 'h2' else 'Ss'} {title}" + ("\\&" if title.endswith("]") else "")
    if len(paths) > 1:
        others = ", ".join(f"\\fB{escaped(path)}\\fP" for path in paths[1:])
        yield from lines(f"The same keys are those of {others}.")


def body(tokens):
    """The whole of docs/configuration.md, from the text after its title on."""
    index = 0
    follows_heading = True
    while index < len(tokens):
        token = tokens[index]
        match token.type:
            case "heading_open":
                yield from heading(tokens[index + 1], token.tag)
                index += 2
                follows_heading = ", " not in tokens[index - 1].content
            case "paragraph_open":
                if not follows_heading and not token.hidden:
                    yield ".Pp"
                yield from lines(inline(tokens[index + 1]))
                index += 2
                follows_heading = False
            case "fence":
                yield ".Bd -literal -offset indent"
                yield from ("\\&" * (line[:1] in "'.") + line.replace("\\", "\\e") for line in token.content.splitlines())
                yield ".Ed"
                follows_heading = False
            case "bullet_list_open":
                yield ".Bl -bullet"
            case "list_item_open":
                yield ".It"
                follows_heading = True
            case "bullet_list_close":
                yield ".El"
            case "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                titles, rows = table(tokens[index:end])
                if [title.content for title in titles] != ["Key", "Type", "Default", "Meaning"]:
                    raise SystemExit(f"docs/configuration.md:{token.map[0] + 1}: a table of other columns than the keys'")
                yield from key_list(rows)
                index = end
                follows_heading = False
            case "list_item_close" | "paragraph_close" | "heading_close":
                pass
            case other:
                raise SystemExit(f"docs/configuration.md:{token.map[0] + 1}: no rule for {other}")
        index += 1


def schema_keys(schema):
    """Every name of a key in the JSON Schema, wherever it is."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name in ("properties", "definitions") and isinstance(value, dict):
                if name == "properties":
                    yield from value
                for part in value.values():
                    yield from schema_keys(part)
            else:
                yield from schema_keys(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from schema_keys(part)


def release_date():
    """The date of the newest version in CHANGELOG.md."""
    found = re.search(r"^## \[\d[^]]*\] - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    if not found:
        raise SystemExit("CHANGELOG.md has no version with a date: ## [1.2.3] - 2026-11-28")
    return found.group(1)


def main():
    date = datetime.date.fromisoformat(sys.argv[1] if len(sys.argv) > 1 else release_date())
    tokens = MarkdownIt("commonmark").enable("table").parse((ROOT / "docs/configuration.md").read_text())
    page = [
        f".Dd {date:%B} {date.day}, {date.year}", ".Dt NOTAFTER.YAML 5", ".Os",
        ".Sh NAME", ".Nm notafter.yaml", ".Nd configuration of notafter",
        ".Sh SYNOPSIS", ".Pa /etc/notafter/notafter.yaml", ".Pp", ".Pa /etc/notafter/conf.d/*.yaml",
        ".Sh DESCRIPTION",
        # The title takes three tokens.
        *body(tokens[3:]),
        ".Sh FILES",
        ".Bl -tag -width Ds",
        ".It Pa /etc/notafter/notafter.yaml", "The configuration.",
        ".It Pa /etc/notafter/conf.d/*.yaml", "Drop-ins.",
        ".It Pa /usr/share/notafter/notafter.schema.json", "The JSON Schema for editors.",
        ".El",
        ".Sh SEE ALSO", ".Xr notafter 1",
    ]
    described = {line.removeprefix(".It Sy ") for line in page if line.startswith(".It Sy ")}
    required = set(schema_keys(json.loads((ROOT / "config/notafter.schema.json").read_text())))
    if described != required:
        raise SystemExit(f"config/notafter.schema.json and docs/configuration.md differ in {sorted(described ^ required)}")
    print("\n".join(page))


if __name__ == "__main__":
    main()

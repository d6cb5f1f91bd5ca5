#!/usr/bin/env python3
"""Checks pages for what a browser would repair silently or that the pages promise: no parse error (html5lib, strict), unique
ids, references to ids that exist, one h1, no script, no inline style, no event handler, nothing loaded from elsewhere, a name
for each link and field. Prints each problem, and fails if there is one."""

import sys

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"


def text(element):
    return "".join(element.itertext()).strip()


def problems(path):
    with open(path, "rb") as file:
        data = file.read()
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(data, transport_encoding="utf-8")
    for (line, column), code, values in parser.errors:
        yield f"line {line}, column {column}: {code} {values}"
    elements = list(tree.iter())
    ids = [e.get("id") for e in elements if isinstance(e.tag, str) and e.get("id")]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"the id {name} occurs twice"
    if sum(1 for e in elements if e.tag == XHTML + "h1") != 1:
        yield "there is not exactly one h1"
    labels = {e.get("for") for e in elements if e.tag == XHTML + "label"}
    fields_in_labels = {f for e in elements if e.tag == XHTML + "label" for f in e.iter()}
    for element in elements:
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2]
        if tag in {"script", "style", "iframe", "object", "embed", "base"}:
            yield f"a {tag} element"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"an attribute {name} of {tag}"
            if name in {"href", "src", "action", "data"} and (":" in value.partition("/")[0] or value.startswith("//")):
                yield f"{tag} leads elsewhere: {value}"
            if name in {"aria-labelledby", "for"} and value not in ids:
                yield f"{name} of {tag} names {value}, which is not there"
        if tag == "a" and not (text(element) or element.get("aria-label")):
            yield f"a link without a name: {element.get('href')}"
        if tag in {"input", "select"} and element.get("id") not in labels and element not in fields_in_labels:
            yield f"a field without a label: {element.get('name')}"
        if tag == "svg" and not (element.get("aria-label") or element.get("aria-hidden")):
            yield "a drawing without a text"
        if tag == "th" and element.get("scope") is None:
            yield f"a heading of a table without a scope: {text(element)}"


found = [(path, problem) for path in sys.argv[1:] for problem in problems(path)]
for path, problem in found:
    print(f"{path.rpartition('/')[2]}: {problem}")
sys.exit(1 if found else 0)

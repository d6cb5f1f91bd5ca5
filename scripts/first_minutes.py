#!/usr/bin/env python3
"""Makes the transcript of scripts/first-minutes.sh the same in each run.

    first_minutes.py sort                       sorts messages, each of which begins with a time, and folds their lines
    first_minutes.py normalise TODAY PORT HOME  moves dates as if TODAY were 2027-01-15, replaces times, the port, the directory and
                                                identifiers, and folds lines"""

import datetime
import re
import sys
import textwrap

DAY_ZERO = datetime.date(2027, 1, 15)


def sort(text):
    messages = re.split(r"^(?=    \d{4}-)", text, flags=re.MULTILINE)
    lines = "".join(sorted(messages, key=lambda message: message[message.find("Z") :])).splitlines()
    return "".join(f"{folded(line)}\n" for line in lines)


def folded(line):
    margin = re.match(" *", line).group() + "  "
    return textwrap.fill(line, 120, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)


def normalise(text, today, port, home):
    move = DAY_ZERO - datetime.date.fromisoformat(today)
    text = re.sub(
        r"\b\d{4}-\d\d-\d\d(?=\b|T)",
        lambda match: str(datetime.date.fromisoformat(match.group()) + move),
        text,
    )
    # The ends of certificates are at the end of a day or at its beginning; other times are those of the run.
    text = re.sub(r"T(?!23:59:59|00:00:00)\d\d:\d\d:\d\dZ", "T08:00:00Z", text)
    text = text.replace(f"127.0.0.1:{port}", "127.0.0.1:9797").replace(f" --port {port}", "").replace(home, "/home/alice")
    text = re.sub(r"\bna_test_ops_\d+", "na_test_ops_1800000000", text)
    text = re.sub(r"\bna_[a-z0-9]{26}\b", "na_…", text)
    return "".join(f"{folded(line)}\n" for line in text.splitlines())


if sys.argv[1] == "sort":
    print(sort(sys.stdin.read()), end="")
else:
    print(normalise(sys.stdin.read(), *sys.argv[2:]), end="")

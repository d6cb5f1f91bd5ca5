"""Runs a command on a pseudo-terminal of so many columns, and prints what it shows there.

    pseudo_terminal.py COLUMNS MODE ACTION PATTERN COMMAND...

When the terminal shows PATTERN (a regular expression; empty for never), ACTION follows once: a path is created as a file, a name
such as SIGINT is sent as a signal. MODE `raw` prints what was shown, with escape sequences; `lines` prints each line without
colours, after its width by Python's table of UAX #11."""

import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
import unicodedata

columns, mode, action, pattern, command = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execv(command[0], command)


def act():
    if action.startswith("SIG"):
        os.kill(pid, getattr(signal, action))
    else:
        open(action, "w").close()


def width(text):
    wide = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text]
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else w for c, w in zip(text, wide))


seen = b""
is_waiting = bool(pattern)
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    seen += data
    if is_waiting and re.search(pattern, seen.decode(errors="replace")):
        is_waiting = False
        act()
shown = seen.decode()
if mode == "lines":
    shown = "".join(f"{width(line)} {line}\n" for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines())
print(shown, end="")
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)

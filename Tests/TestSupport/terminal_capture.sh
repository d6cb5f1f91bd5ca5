#!/usr/bin/env bash
# Prints what a terminal of COLUMNS columns shows of a command. tmux draws it, so that characters take the columns that a real
# terminal gives them.
#
#   terminal_capture.sh COLUMNS COMMAND...
set -euo pipefail
columns=$1
shift
directory=$(mktemp -d)
socket=$directory/tmux
trap 'tmux -S "$socket" kill-server 2>/dev/null || true; rm -rf "$directory"' EXIT
export LC_ALL=C.UTF-8 TERM=xterm-256color SHELL=/bin/bash
unset TMUX
printf -v command '%q ' "$@"
end='--end of the command--'
tmux -u -S "$socket" -f /dev/null new-session -d -x "$columns" -y 100 "$command; echo '$end'; exec cat"
until screen=$(tmux -S "$socket" capture-pane -p) && [[ $screen == *"$end"* ]]; do sleep 0.05; done
printf '%s' "${screen%%"$end"*}"

#!/bin/sh
# `interlock test --help` and `bench --help` print help, and neither install nor build anything.
set -eu
launcher=$1
work=$2/launcher_help
rm -rf "$work"
mkdir -p "$work"
cp "$launcher" "$work/interlock"
for command in 'test --help' 'test -h' 'bench --help' 'test --sanitized --help'; do
    "$work/interlock" $command >"$work/answer" || { echo "interlock $command ends with $?"; exit 1; }
    grep -q '^Usage: ./interlock ' "$work/answer" || { echo "interlock $command prints no usage"; exit 1; }
done
left=$(ls "$work")
[ "$left" = "answer
interlock" ] || { echo "help left something behind: $left"; exit 1; }

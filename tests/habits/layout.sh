#!/bin/sh
# Every C++ file is laid out as .clang-format says. Other versions than 14 lay some things out otherwise.
set -eu
root=$1
for program in clang-format-14 clang-format none; do
    case $($program --version 2>/dev/null) in *' version 14.'*) break ;; esac
done
if [ $program = none ]; then
    echo "skipped: there is no clang-format 14 (Debian package clang-format-14)"
    exit 77
fi
cd "$root"
if ! find vm chain lang analyzer cli cluster tests bench docs \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
    xargs -0 -n 40 "$program" --dry-run -Werror; then
    echo "to mend it: $program -i FILE"
    exit 1
fi

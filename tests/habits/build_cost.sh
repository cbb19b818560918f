#!/bin/sh
# What a build costs is mostly what the compiler has to read. Seconds say something else on every machine, and nothing
# where ccache answers; how many bytes all the files include is the same everywhere. So that is what has a budget, and so
# have the headers that cost most. The seconds of the last build are printed beside it.
#
#     build_cost.sh SOURCES BUILD UNITY       with UNITY 0 only the costly headers have a budget
set -eu
sources=$1
build=$2
unity=$3

program_budget_mb=540   # the libraries, the command, and the compiler to native code where LLVM is
all_budget_mb=1925      # and tests, benchmarks, fuzz targets

# costly HEADER MOST PATTERN: at most so many objects read the header, and only such whose name has the pattern.
costly() {
    awk -v header="$1" -v most="$2" -v pattern="$3" '
        /^[^ ]/ { object = $1; sub(/:$/, "", object) }
        index($0, header) && object !~ /\/bench\/|^bench\// && !(object in seen) {
            seen[object] = 1
            if (object !~ /^tests\//) {
                ++count
                if (object !~ pattern) { print header " is read for " object ", where it does not belong"; bad = 1 }
            }
        }
        END {
            if (count > most) { print header " is read for " count " objects, more than " most; bad = 1 }
            exit bad
        }' "$work/deps" || failed=1
}

if ! command -v ninja >/dev/null 2>&1 || [ ! -f "$build/.ninja_deps" ]; then
    echo "skipped: only ninja keeps what was read"
    exit 77
fi
work=$build/tests/habits/cost
failed=0
mkdir -p "$work"
cd "$build"
# Of what is built now: names of objects that are no more stay in ninja's log.
ninja -t deps | grep -v '^$' >"$work/all_deps"
ninja -t targets all | sed -n 's/: CXX_COMPILER.*//p' >"$work/objects"
awk 'NR == FNR { known[$1 ":"] = 1; next } /^[^ ]/ { on = ($1 in known) } on' "$work/objects" "$work/all_deps" >"$work/deps"

costly CLI/CLI.hpp 1 '^cli/'
costly z3++.h 16 '^analyzer/'
costly boost/spirit/ 16 '^lang/'
costly boost/multiprecision/ 16 '^lang/'
costly nlohmann/json.hpp 40 '^(chain|lang|analyzer|cli)/'

sed -n 's/^ *//p' "$work/deps" | grep -v ': #deps' | sort -u | xargs -d '\n' stat -c '%s %n' >"$work/sizes" 2>/dev/null || true
awk '
    NR == FNR { place = index($0, " "); size[substr($0, place + 1)] = substr($0, 1, place - 1); next }
    /^[^ ]/ { object = $1; sub(/:$/, "", object); next }
    { sub(/^ +/, ""); sum[object] += size[$0] }
    END { for (object in sum) printf "%.2f %s\n", sum[object] / 1e6, object }' "$work/sizes" "$work/deps" | sort -rn >"$work/cost"
objects=$(grep -c . "$work/cost")
program=$(grep -v ' tests/\| bench/' "$work/cost" | awk '{ sum += $1 } END { printf "%d", sum }')
all=$(awk '{ sum += $1 } END { printf "%d", sum }' "$work/cost")
seconds=$(awk 'FNR > 1 && $4 ~ /\.o$/ { took[$4] = $2 - $1 } END { for (o in took) sum += took[o]; printf "%d", sum / 1000 }' .ninja_log)
echo "read: $program MB for the program, $all MB for all $objects objects; last compiled in $seconds s altogether (less where ccache answered)"
echo "most is read for:"
head -n 5 "$work/cost"
if [ "$unity" = 1 ]; then
    if [ "$program" -gt $program_budget_mb ] || [ "$all" -gt $all_budget_mb ]; then
        echo "that is more than the budget of $program_budget_mb and $all_budget_mb MB: which header came to where it is not needed?"
        failed=1
    fi
else echo "the sum has a budget only with INTERLOCK_UNITY"
fi
exit $failed

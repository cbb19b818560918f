#!/bin/sh
# An include only goes down: from floor to floor, and inside lang/ from room to room. Each line names who may be included
# from where, the lowest first.
set -eu
cd "$1"

# descends FOLDER NAME…: of the folders named below FOLDER none includes one that stands behind it.
descends() {
    folder=$1
    shift
    above="$*"
    for room in "$@"; do
        above=${above#"$room"}
        above=${above# }
        for upper in $above; do
            [ -d "$folder$room" ] || { echo "there is no $folder$room"; exit 1; }
            if grep -rn --include='*.hpp' --include='*.cpp' "^#include \"$folder$upper/" "$folder$room"; then
                echo "$folder$room reaches up into $folder$upper"
                exit 1
            fi
        done
    done
}

descends '' vm chain analyzer cli
descends '' vm chain analyzer cluster
descends '' vm lang analyzer cli
descends lang/ diagnostics syntax loading ir abi program lower optimize codegen output
if grep -rn '^#include "lang/' chain || grep -rn '^#include "chain/' lang; then
    echo "lang and chain do not know each other"
    exit 1
fi
# The root of lang/ is above its rooms, but for what reads its results.
if grep -rnE --include='*.hpp' --include='*.cpp' '^#include "lang/[a-z_]+\.hpp"' lang/*/ | grep -v '^lang/output/'; then
    echo "a room of lang/ reaches up"
    exit 1
fi

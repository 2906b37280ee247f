#!/bin/sh
# Fuzzes every reader of foreign bytes in turn: MINUTES in all, from the kept inputs and what earlier runs found.
# Findings are build/fuzz/TARGET-crash-…; they end the turn of their target, and fail the run.
set -eu
cd "$(dirname "$0")/.."
: "${JAVA:=java}" "${MINUTES:=8}"

targets=$(ls src/test/fuzz-corpus)
seconds=$((MINUTES * 60 / $(echo "$targets" | wc -l)))
failed=
for target in $targets; do
    mkdir -p "build/fuzz/$target"
    log="build/fuzz/$target.log"
    result=ok
    "$JAVA" -Xmx1g -XX:+UseSerialGC -Dtinysync.fuzz.target="$target" \
        -cp "$(echo build/lib/tools/jazzer-*.jar | tr ' ' ':'):build/test-classes:build/classes:build/lib/run/*" \
        com.code_intelligence.jazzer.Jazzer --target_class=tinysync.fuzz.Fuzz \
        --instrumentation_includes='tinysync.**:com.eclipsesource.**' \
        -max_total_time="$seconds" -max_len=65536 -artifact_prefix="build/fuzz/$target-" \
        "build/fuzz/$target" "src/test/fuzz-corpus/$target" >"$log" 2>&1 || result=FAILED
    [ "$result" = ok ] || failed="$failed $target"
    echo "$target $result $(sed -n 's/^Done \([0-9]*\) runs.*/\1 runs/p' "$log")" \
        "$(sed -n 's/.* cov: \([0-9]*\) .*/\1 edges/p' "$log" | tail -n 1)"
done
if [ -n "$failed" ]; then
    echo "found something in$failed: see build/fuzz/TARGET.log" >&2
    exit 1
fi

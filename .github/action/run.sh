#!/usr/bin/env bash
# Runs the plans, and leaves the exit code to the last step, so that the results are shown whatever it is. What users write
# comes in through the environment, never as part of this text. The summary of the job the program writes by itself.
set -uo pipefail
read -r -d '' -a plans <<<"$PLANS" || true
read -r -d '' -a args <<<"$ARGS" || true
mkdir -p "$RESULTS"
outputs=()
for kind in json markdown junit html; do outputs+=(--out "$kind=$RESULTS/"); done
"$PROGRAM" run "${outputs[@]}" "${args[@]}" -- "${plans[@]}"
echo "exit-code=$?" >>"$GITHUB_OUTPUT"

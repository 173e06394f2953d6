#!/usr/bin/env bash
# Puts the Markdown results into one comment of the pull request: made at the first run, updated in place at later ones.
# It never fails the job: a fork's token may not comment.
set -uo pipefail
marker="<!-- runner:$COMMENT_ID -->"
limit=65000 # GitHub takes 65,536 characters
body=$(mktemp)
trap 'rm -f "$body"' EXIT
echo "$marker" >"$body"
shopt -s nullglob
for page in "$RESULTS"/*.md; do
	if [ $(($(wc -c <"$body") + $(wc -c <"$page"))) -gt "$limit" ]; then
		printf '\n%s did not fit into this comment: see the job summary.\n' "$(basename "$page" .md)" >>"$body"
		continue
	fi
	printf '\n' >>"$body"
	cat "$page" >>"$body"
done
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
id=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
if [ -n "$id" ]; then
	gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body"
else
	gh api --silent -X POST "$comments" -F "body=@$body"
fi || echo "::warning::the pull request could not be commented on: the job needs the permission pull-requests: write"

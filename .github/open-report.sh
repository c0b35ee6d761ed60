#!/usr/bin/env bash
# Open an issue with a report, or renew the one that is open: a finding of every night is one issue.
# Usage: open-report.sh TITLE FILE
set -euo pipefail
title=$1 file=$2
number=$(TITLE=$title gh issue list --state open --limit 1000 --json number,title \
  --jq 'map(select(.title == env.TITLE)) | .[0].number // empty')
if [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$file"
else
  gh issue create --title "$title" --body-file "$file"
fi

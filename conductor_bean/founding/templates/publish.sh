#!/bin/sh
# Publish the public edition of these books: to the folder `edition` of a repository that everybody may read.
#
#   PUBLIC_REPOSITORY    where to push it; with a token in it where git needs one. Without it nothing is published.
#   PRIVATE_REPOSITORY   where to push publication.json, the record of what was told; `origin` by default.
#   BRANCH               the branch of these books to push it to; the current one by default.
#
# The record goes first. Whatever fails after it, the next run tells the same again, and nothing is told in two ways;
# if somebody pushed to these books meanwhile, nothing is published, and the next run does it.
set -eu
cd "$(dirname "$0")"

if [ -z "${PUBLIC_REPOSITORY:-}" ]; then
  echo "nothing is published: set PUBLIC_REPOSITORY, as README.md says"
  exit 0
fi
branch="${BRANCH:-$(git symbolic-ref --short HEAD)}"
if ! git config user.name > /dev/null || ! git config user.email > /dev/null; then
  export GIT_AUTHOR_NAME="Public edition" GIT_AUTHOR_EMAIL="edition@localhost"
  export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
fi

place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
git clone --quiet --depth 1 "$PUBLIC_REPOSITORY" "$place/public"
conductor publish main.beancount --to "$place/public/edition"

git add -- publication.json
if ! git diff --cached --quiet -- publication.json; then
  git commit --quiet --message "Record what the public edition tells [skip ci]" -- publication.json
  git push --quiet "${PRIVATE_REPOSITORY:-origin}" "HEAD:refs/heads/$branch"
fi

cd "$place/public"
git add --all -- edition
if git diff --cached --quiet; then
  echo "the public edition is as it was"
else
  git commit --quiet --message "Public edition"
  git push --quiet origin HEAD
  echo "the public edition is published"
fi

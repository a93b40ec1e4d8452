#!/bin/sh
# docs_site.sh BUILD: the manual as a site in BUILD/site, by MkDocs; a broken link is an error. Run from the checkout.
set -eu
build=$1
work=$build/docs

rm -rf "$work" "$build/site"
mkdir -p "$work/source"
# The pages lie as in the checkout, so that their links hold; pictures' programs and this file's config are no pages.
cp README.md CHANGELOG.md LICENSE "$work/source"
cp -R docs configs "$work/source"
rm -f "$work"/source/docs/mkdocs.yml "$work"/source/docs/images/*.py
cp docs/mkdocs.yml "$work"
mkdocs --quiet build --strict --config-file "$work/mkdocs.yml"
echo "$build/site/index.html"

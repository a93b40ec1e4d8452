#!/usr/bin/env python3
"""Every link and anchor of README, changelog, docs/ and configs/ leads somewhere, every page is in the contents of the
site (docs/mkdocs.yml), and every picture is used.

A link needs a file that git would keep, and an anchor must exist by the rules of forges and of MkDocs alike. Addresses
of the web are not visited."""
import re
import sys

import markdown

def faults_of_links(pages):
    anchors = {page.path: markdown.github_anchors(page.headings) & markdown.site_anchors(page.headings)
               for page in pages}
    for page in pages:
        for line, target in page.links:
            where = f"{page.name}:{line}: {target}"
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.path.parent / path).resolve() if path else page.path
            if not file.exists():
                yield f"{where}: no such file"
            elif markdown.ROOT not in [file, *file.parents]:
                yield f"{where}: outside of the project"
            elif anchor and file not in anchors:
                yield f"{where}: an anchor in what is no page"
            elif anchor and anchor not in anchors[file]:
                yield f"{where}: no such heading"


def faults_of_contents(pages):
    text = (markdown.ROOT / "docs" / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^\s*- .*?([\w./-]+\.md)\s*$", text, re.MULTILINE)
    there = {page.name for page in pages}
    yield from (f"docs/mkdocs.yml: {name} is not in the contents" for name in sorted(there - set(listed)))
    yield from (f"docs/mkdocs.yml: {name} does not exist" for name in sorted(set(listed) - there))
    yield from (f"docs/mkdocs.yml: {name} is there twice" for name in sorted(there) if listed.count(name) > 1)


def faults_of_lists(pages):
    """Forges begin a list anywhere, MkDocs only after an empty line."""
    for page in pages:
        before, code = "", False
        for number, line in enumerate(page.path.read_text(encoding="utf-8").splitlines(), 1):
            if markdown.FENCE.match(line):
                code = not code
            starts = re.match(r"(- |\d+\. )", line)
            goes_on = re.match(r"(- |\d+\. | |#|<!--|```)", before)
            if starts and not code and before.strip() and not goes_on:
                yield f"{page.name}:{number}: a list needs an empty line before it"
            before = line


def faults_of_pictures(pages):
    used = {(page.path.parent / target).resolve() for page in pages for _, target in page.links}
    for picture in sorted((markdown.ROOT / "docs" / "images").glob("*.png")):
        if picture.resolve() not in used:
            yield f"docs/images/{picture.name}: on no page"


def main():
    pages = markdown.all_pages()
    faults = [fault for check in (faults_of_links, faults_of_contents, faults_of_lists, faults_of_pictures)
              for fault in check(pages)]
    print("\n".join(faults))
    print(f"{len(pages)} pages, {sum(len(page.links) for page in pages)} links, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

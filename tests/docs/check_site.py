#!/usr/bin/env python3
"""Builds the site of the manual, strictly, and follows every link in its HTML.

usage: check_site.py FOLDER      (FOLDER/site is made anew)

MkDocs itself looks for pages but not for headings within them, nor at links in raw HTML."""
import html.parser
import pathlib
import re
import subprocess
import sys
import urllib.parse

import markdown


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.targets, self.anchors = [], set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.targets.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def read(path):
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


def faults_of_site(site):
    pages = {path.resolve(): read(path) for path in site.rglob("*.html")}
    for path, page in pages.items():
        for target in page.targets:
            # `/` alone is the site's own mark for its first page, on pages that are served at unknown addresses.
            if re.match(r"[a-z]+:|//", target) or path.name == "404.html":
                continue
            file, _, anchor = target.partition("#")
            file = (path.parent / urllib.parse.unquote(file)).resolve() if file else path
            if file.is_dir():
                continue
            if not file.exists():
                yield f"{path.relative_to(site)}: {target}: no such file"
            elif anchor and file in pages and urllib.parse.unquote(anchor) not in pages[file].anchors:
                yield f"{path.relative_to(site)}: {target}: no such anchor"
    if not pages:
        yield "there are no pages"


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    subprocess.run(["sh", "cmake/docs_site.sh", str(folder)], cwd=markdown.ROOT, check=True)
    site = folder / "site"
    faults = sorted(set(faults_of_site(site)))
    print("\n".join(faults))
    print(f"{len(list(site.rglob('*.html')))} pages, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""The parts of a Markdown page that the tests look at: headings with their anchors, links, and fenced blocks with
the marks (HTML comments) that stand directly before them."""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(\s*)```(\S*)\s*$")
MARK = re.compile(r"^\s*<!-- (.*?) -->\s*$")
HEADING = re.compile(r"^(#{1,6}) (.*?)\s*#*$")
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]+(?:\([^()]*\))?[^()\s]*)\)")


@dataclasses.dataclass
class Block:
    """One fenced block. `marks` are the comments above it, the nearest last; `line` is that of its first line."""
    language: str
    lines: list
    line: int
    marks: list

    @property
    def text(self):
        return "\n".join(self.lines) + "\n"


@dataclasses.dataclass
class Page:
    path: pathlib.Path
    headings: list  # texts, in order
    links: list     # (line, target)
    blocks: list

    @property
    def name(self):
        return self.path.relative_to(ROOT).as_posix()


def plain(heading):
    """The text of a heading without its Markdown."""
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[`*]", "", heading)


def github_anchors(headings):
    """The anchors that a forge gives to headings: lower case, no punctuation, every space a hyphen, numbered."""
    return _numbered([re.sub(r"[^\w\- ]", "", plain(h).lower()).strip().replace(" ", "-") for h in headings], "-")


def site_anchors(headings):
    """The anchors that MkDocs gives to headings: as above, but ASCII alone, and runs of spaces are one hyphen."""
    def slug(text):
        text = text.encode("ascii", "ignore").decode()
        return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower())
    return _numbered([slug(plain(h)) for h in headings], "_")


def _numbered(slugs, joint):
    seen, anchors = {}, set()
    for slug in slugs:
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        anchors.add(slug if count == 0 else f"{slug}{joint}{count}")
    return anchors


def read_page(path):
    headings, links, blocks, marks = [], [], [], []
    block, indent = None, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if block is not None:
            if fence and not fence.group(2) and fence.group(1) == indent:
                blocks.append(block)
                block, marks = None, []
            else:
                block.lines.append(line[len(indent):] if line.startswith(indent) else line)
        elif fence:
            indent = fence.group(1)
            block = Block(fence.group(2), [], number + 1, marks)
        elif MARK.match(line):
            marks.append(MARK.match(line).group(1))
        elif line.strip():
            marks = []
            if HEADING.match(line):
                headings.append(HEADING.match(line).group(2))
            # Code in backticks has no links.
            without_code = re.sub(r"(`+)(?:(?!\1).)*?\1", lambda code: "`" * len(code.group(0)), line)
            links += [(number, target) for target in LINK.findall(without_code)]
    if block is not None:
        raise SystemExit(f"{path}: the block of line {block.line} has no end")
    return Page(path, headings, links, blocks)


def all_pages():
    """README, changelog and everything below docs/ and configs/."""
    paths = [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    paths += sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "configs").rglob("*.md"))
    return [read_page(path) for path in paths]

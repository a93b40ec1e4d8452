#!/usr/bin/env python3
"""Every exit code of include/lcclass/core/error.h has a section on docs/errors.md, with a command that ends in it and
the line that the command says. run_page.py runs these commands; here it is only checked that none is missing."""
import re
import sys

import markdown
import run_page


def sections(page):
    """Lines of every section `## Exit code N: ...`, by N."""
    parts = re.split(r"^## Exit code (\d+): .*$", page.path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {int(code): re.split(r"^## ", text, flags=re.MULTILINE)[0] for code, text in zip(parts[1::2], parts[2::2])}


def main():
    header = (markdown.ROOT / "include/lcclass/core/error.h").read_text(encoding="utf-8")
    enumerators = re.search(r"enum class ExitCode : int \{(.*?)\};", header, re.DOTALL).group(1)
    codes = {int(code) for code in re.findall(r"= (\d+)", enumerators)} - {0}
    page = markdown.read_page(markdown.ROOT / "docs/errors.md")
    explained = sections(page)
    shown = {int(run_page.mark(block, "exit")) for block in page.blocks
             if run_page.mark(block, "exit") and run_page.is_run(block) and "lcclass: error:" in block.text}
    faults = [f"exit code {code} has no section" for code in sorted(codes - set(explained))]
    faults += [f"exit code {code} does not exist" for code in sorted(set(explained) - codes)]
    faults += [f"exit code {code}: no command that ends in it is shown" for code in sorted(codes - shown)]
    faults += [f"exit code {code}: the section names no {what}" for code, text in sorted(explained.items())
               for what in ("Cause", "Remedy") if f"**{what}" not in text]
    print("\n".join(faults))
    print(f"{len(codes)} exit codes, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Runs what a page of the documentation tells its reader to type, and fails where the page is wrong.

usage: run_page.py LCCLASS STORE FOLDER PAGE...   (such as docs/commands/cv.md, configs/simulated.yml)
       run_page.py --list                         (blocks that are not run, with the reasons)

See README.md in this folder for how blocks are run and for the marks that may stand before them."""
import fnmatch
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import markdown
import world

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_S = 240
OUTPUT = re.compile(r"(?:-o|--output|--probabilities|--uncertainty|--applicability|--shap-raster|--dominant-feature|"
                    r"--shap-values|--chart|--scene-report|--folds-output|--samples-output)[ =]([^\s;\\]+)")
MARKS = re.compile(r"not run: .+|exit \d+|file: \S+|label: \S+|class map|internal fault")
SHELL = ("sh", "bash")


class Fault(Exception):
    pass


def mark(block, name):
    """What follows `name` in a mark of the block, '' where nothing does; None without the mark."""
    for text in block.marks:
        if text == name or text.startswith((f"{name}: ", f"{name} ")):
            return text[len(name):].lstrip(": ")
    return None


def commands_of(block):
    """The commands of a console transcript (`$ ...`) or of a synopsis (lines that begin with lcclass), with their
    continuation lines."""
    prompt = "$ " if any(line.startswith("$ ") for line in block.lines) else None
    commands, more = [], False
    for line in block.lines:
        if more:
            commands[-1] += "\n" + line.removeprefix("> ")
        elif prompt and line.startswith(prompt):
            commands.append(line[len(prompt):])
        elif not prompt and re.match(r"lcclass\b(?!:)", line) and block.language in ("", "console"):
            commands.append(line)
        else:
            continue
        more = commands[-1].endswith("\\")
    return commands


def is_run(block):
    """Whether the block has something to run, and no mark says that it cannot be."""
    return not mark(block, "not run") and (block.language in SHELL or bool(commands_of(block)))


class Runner:
    def __init__(self, lcclass, store, folder):
        self.lcclass = pathlib.Path(lcclass).resolve()
        self.store = pathlib.Path(store).resolve()
        self.folder = pathlib.Path(folder).resolve()
        self.internal_fault = self.lcclass.parent / "liblcclass_internal_fault.so"
        self.tools = self.folder / "tools"
        self.files = {}
        self.given = set()  # files that are copies of the store's
        self.counts = {"run": 0, "checked": 0, "not run": 0}

    def prepare(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.tools.mkdir(parents=True)
        wrapper = self.tools / "lcclass"
        wrapper.write_text("#!/bin/sh\n# The scenes of the tests are small.\n"
                           'case " $* " in *" --size "* | *" --help "*) ;; *" simulate "*) '
                           f'exec {shlex.quote(str(self.lcclass))} "$@" --size {world.SIZE} ;; esac\n'
                           f'exec {shlex.quote(str(self.lcclass))} "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)
        for stub in (HERE / "bin").iterdir():
            shutil.copy(stub, self.tools / stub.name)

    def environment(self, block):
        environment = dict(os.environ, PATH=f"{self.tools}:{os.environ['PATH']}", LC_ALL="C.UTF-8", COLUMNS="100",
                           HOME=str(self.folder))
        if mark(block, "internal fault") is not None:
            environment["LD_PRELOAD"] = str(self.internal_fault)
        return environment

    # What lies in the folder of a block

    def provide(self, text, where, raw_only):
        """Puts in `where` what `text` names and does not make itself."""
        words = set(re.split(r"[\s,=;'\"\[\]{}:@()]+", text)) | set(re.split(r"[\s,;'\"\[\]{}()]+", text))
        words |= {word.split("/")[-1] for word in words} | {word.split("/")[0] for word in words}
        outputs = set(OUTPUT.findall(text)) | set(re.findall(r"^([\w.]+):", text, re.MULTILINE))  # options, make rules
        for name in world.RAW if raw_only else sorted(p.name for p in self.store.iterdir()):
            hidden = name == world.PRODUCT or name in world.PLACEHOLDERS  # all of one date
            named = any(word == name or ("*" in word and not hidden and fnmatch.fnmatch(name, word)) for word in words)
            if name == "out":
                if "--output-dir out" in text and not (where / name).exists():
                    shutil.copytree(self.store / name, where / name)  # to write in
            elif named and name not in outputs:
                self.place(name, where)
            elif named and where / name in self.given:
                (where / name).unlink()  # an output of this block, which an earlier one was given
                self.given.remove(where / name)
        program = where / "build" / "bin" / "lcclass"
        if "build/bin/lcclass" in text and not program.exists():
            program.parent.mkdir(parents=True)
            program.symlink_to(self.tools / "lcclass")

    def place(self, name, where):
        for file in [name, *world.TOGETHER.get(name, [])]:
            if (where / file).exists() or not (self.store / file).exists():
                continue
            if (self.store / file).is_dir():
                (where / file).symlink_to(self.store / file)
            else:
                shutil.copy(self.store / file, where / file)  # a block may write to it
                self.given.add(where / file)

    # The kinds of blocks

    def script(self, text, block, where, language="bash"):
        """Runs a script; its exit code and its lines `lcclass: error: ...` must be those of the page."""
        expected = int(mark(block, "exit") or 0)
        start = ["bash", "-euo", "pipefail", "-c", text] if language == "bash" else ["python3", "-c", text]
        try:
            done = subprocess.run(start, cwd=where, env=self.environment(block), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=LIMIT_S)
        except subprocess.TimeoutExpired as late:
            raise Fault(f"runs longer than {LIMIT_S} s") from late
        if done.returncode != expected:
            raise Fault(f"exit code {done.returncode}, not {expected}\n{done.stdout[-1500:]}{done.stderr[-3000:]}")
        promised = [line for line in block.lines if line.startswith("lcclass: error:")]
        said = [line for line in done.stderr.splitlines() if line.startswith("lcclass: error:")]
        if promised and promised != said:
            raise Fault("the error is another one\n  page: " + "\n        ".join(promised) +
                        "\n  real: " + "\n        ".join(said))
        self.counts["run"] += 1

    def check_config(self, block, where):
        """All keys and values of a config, or of a part of one; of a complete one the plan too."""
        file = where / (mark(block, "file") or "page.yml")
        if not mark(block, "file"):
            file.write_text(block.text, encoding="utf-8")
        check = f"lcclass -q -c {file.name} info {shlex.quote(str(self.store / 'map.tif'))}"
        if mark(block, "class map") is not None:
            self.place("landuse.shp", where)
            self.place("stack.tif", where)
            check = (f"lcclass -q rasterize -i landuse.shp --class-field fclass --class-map {file.name} "
                     "--like stack.tif -o class_map_check.tif")
        elif "output_dir:" in block.text and "\nstack:" in block.text:
            check += f"; lcclass run -c {file.name} --dry-run"
        self.script(check, block, where)
        self.counts["run"] -= 1
        self.counts["checked"] += 1

    def missing_module(self, block):
        names = re.findall(r"^(?:import|from) (\w+)", block.text, re.MULTILINE)
        test = "; ".join(f"import {name}" for name in names)
        return subprocess.run(["python3", "-c", test], capture_output=True).returncode != 0

    def not_run_reason(self, block):
        if mark(block, "not run"):
            return mark(block, "not run")
        if block.language == "python" and self.missing_module(block):
            return "a Python module is missing"
        return None

    def block(self, block, where, follow, raw_only):
        for text in block.marks:
            if not MARKS.fullmatch(text):
                raise Fault(f"the mark `{text}` means nothing")
        reason = self.not_run_reason(block)
        if reason:
            self.counts["not run"] += 1
            print(f"  line {block.line}: not run: {reason}")
            return
        self.provide(block.text, where, raw_only)
        if mark(block, "file"):
            self.files[mark(block, "file")] = block.text
        for name, text in self.files.items():
            if name == mark(block, "file") or (name in block.text and not (where / name).exists()):
                (where / name).write_text(text, encoding="utf-8")
                self.given.discard(where / name)
        if mark(block, "label"):
            world.label_plan(where / mark(block, "label"))
        if block.language in ("yaml", "yml"):
            self.check_config(block, where)
        elif mark(block, "file"):
            return
        elif block.language == "python":
            self.script(block.text, block, where, "python")
        elif block.language in SHELL:
            self.script(block.text, block, where)
        elif follow or "$ " in block.text:
            if commands_of(block):
                self.script("\n".join(commands_of(block)), block, where)
        else:
            self.alternatives(block, where)

    def alternatives(self, block, where):
        """A synopsis shows several ways to call a command: each in a folder of its own."""
        for number, command in enumerate(commands_of(block)):
            alone = where / f"way_{number}"
            alone.mkdir()
            self.provide(command, alone, raw_only=False)
            self.script(command, block, alone)

    def config(self, name):
        """A config of configs/: with its own data (`simulate`) the commands of its head are run, else it is planned."""
        text = (markdown.ROOT / name).read_text(encoding="utf-8")
        file = pathlib.PurePath(name).name
        commands = re.findall(r"^#   (lcclass .*)$", text, re.MULTILINE)
        block = markdown.Block("yaml", text.splitlines(), 1, [f"file: {file}"])
        if any(" simulate " in command for command in commands):
            (self.folder / file).write_text(text, encoding="utf-8")
            self.script("\n".join(commands), block, self.folder)
        else:
            for path in re.findall(r"[\w./-]+/[\w.-]+", text):
                if (self.store / pathlib.PurePath(path).name).exists():
                    (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                    self.place(pathlib.PurePath(path).name, (self.folder / path).parent)
            self.block(block, self.folder, follow=True, raw_only=True)

    def page(self, name):
        if name.endswith(".yml"):
            return self.caught(name, 1, lambda: self.config(name))
        page = markdown.read_page(markdown.ROOT / name)
        self.files = {}  # of the page, by name
        raw_only = name == "README.md" or name.startswith("docs/tutorials/")
        follow = raw_only or name.startswith("docs/how-to/")
        base = self.folder / re.sub(r"\W", "_", name)
        faults = 0
        print(name)
        for block in page.blocks:
            where = base if follow else base / f"line_{block.line}"
            where.mkdir(parents=True, exist_ok=True)
            faults += self.caught(name, block.line, lambda: self.block(block, where, follow, raw_only))
        return faults

    def caught(self, name, line, work):
        try:
            work()
        except Fault as fault:
            print(f"{name}:{line}: {fault}")
            return 1
        return 0


def list_not_run():
    for page in markdown.all_pages():
        for block in page.blocks:
            if mark(block, "not run"):
                print(f"{page.name}:{block.line}: {mark(block, 'not run')}")
    return 0


def main():
    if sys.argv[1:] == ["--list"]:
        return list_not_run()
    lcclass, store, folder, *pages = sys.argv[1:]
    runner = Runner(lcclass, store, folder)
    runner.prepare()
    faults = sum(runner.page(page) for page in pages)
    print(", ".join(f"{count} {what}" for what, count in runner.counts.items()) + f"; {faults} faults")
    if not faults:
        shutil.rmtree(runner.folder)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

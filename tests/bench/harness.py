"""Runs programs and measures them: wall and CPU seconds, peak memory, medians of interleaved repeats."""
import json
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


class Failed(Exception):
    """A program that did not do its work; the text says which and how it ended."""


@dataclass
class Done:
    seconds: float
    cpu_seconds: float
    peak_mb: float  # MiB, of the largest of its processes
    output: str

    def figures(self):
        return dict(seconds=self.seconds, cpu_seconds=self.cpu_seconds, peak_mb=self.peak_mb)

    def less(self, startup):
        """Figures of the work alone: without what the same program took for next to nothing."""
        return dict(seconds=self.seconds - startup.seconds, cpu_seconds=self.cpu_seconds - startup.cpu_seconds,
                    startup_seconds=startup.seconds, whole_seconds=self.seconds, peak_mb=self.peak_mb)

    def answer(self):
        """The JSON object in the last line it printed."""
        return json.loads(self.output.strip().splitlines()[-1])


def run(command, environment=None):
    """Runs a program to its end. Raises Failed when it is missing or its exit status is not 0.
    Peak memory is what GNU time says: what a process of Python's own sees of its child starts at its own size."""
    command = [str(word) for word in command]
    variables = dict(os.environ, **{name: str(value) for name, value in (environment or {}).items()})
    with tempfile.NamedTemporaryFile("r") as peak:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(["/usr/bin/time", "--quiet", "-f", "%M", "-o", peak.name, *command],
                                       env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        except OSError as error:
            raise Failed("/usr/bin/time is missing; fix: apt-get install time") from error
        with process.stdout:
            output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise Failed(f"{' '.join(command[:6])} ... ended with {process.returncode}: {output.strip()[-500:]}")
        return Done(seconds, usage.ru_utime + usage.ru_stime, int(peak.read()) / 1024, output)


def interleave(title, works, repeats, budget_seconds, least=2, most=None):
    """Calls every work in turn, `repeats` times over, and returns per name the figures of its runs.
    `works` maps a name to a function of the repeat that returns figures. The first is ours and always runs in full.
    Another stops when its next run would take it beyond its budget, but not before `least` runs; and after as many
    runs as `most` has for its name, or at its first failure."""
    runs, spent, most = {name: [] for name in works}, dict.fromkeys(works, 0.), dict(most or {})
    ours = next(iter(works))
    for repeat in range(repeats):
        for name, work in works.items():
            n = len(runs[name])
            too_long = n >= least and spent[name] * (n + 1) / n > budget_seconds
            if n >= most.get(name, repeats) or (name != ours and too_long):
                continue
            start = time.perf_counter()
            try:
                runs[name].append(work(repeat))
            except Failed as failure:
                if name == ours:
                    raise
                most[name] = 0
                say(f"{title}: {name} is left out: {failure}")
                continue
            spent[name] += time.perf_counter() - start
            say(f"{title}: {name}, run {n + 1}: {runs[name][-1]['seconds']:.2f} s")
    return runs


def medians(runs):
    """Per name the median of every figure over its runs."""
    return {name: {figure: statistics.median(run[figure] for run in done) for figure in done[0]}
            for name, done in runs.items() if done}


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown"


def machine():
    return dict(processor=processor(), processors=len(os.sched_getaffinity(0)),
                memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 ** 30, 1),
                system=" ".join((os.uname().sysname, os.uname().release)), load=os.getloadavg()[0])

"""Runs of wrk against servers in turns, and tables of them."""

import os
import statistics
import subprocess
import sys
import time

import processes

# Share of the processors that others may take in a turn that counts as calm.
CALM = 0.1


def wrk(server, paths, seconds, connections):
    """The command of a run over the addresses in a file."""
    return [
        "wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "-s",
        processes.HERE / "random.lua", f"http://127.0.0.1:{server.port}", "--", paths,
    ]


def result(output):
    """What wrk measured: requests, their rate in a second, milliseconds p50 and p99, bytes an answer."""
    requests, duration, size, middle, slow, errors = map(int, output.partition("RESULT ")[2].split())
    if errors:
        sys.exit(f"{errors} of {requests} requests failed\n{output}")
    return {
        "requests": requests, "rate": requests / duration * 1e6, "middle": middle / 1000, "slow": slow / 1000,
        "size": size / requests,
    }


def load(server, paths, seconds, connections):
    """One run of wrk, with the processor seconds of the server for a thousand requests, its memory in MiB, and the share
    of the processors that programs other than the server and wrk took."""
    began, before, busy = time.monotonic(), server.seconds, processes.busy_seconds()
    children = processes.children_seconds()
    output = subprocess.run(
        wrk(server, paths, seconds, connections), check=True, capture_output=True, text=True).stdout
    used = server.seconds - before
    others = processes.busy_seconds() - busy - used - (processes.children_seconds() - children)
    elapsed = time.monotonic() - began
    run = result(output)
    return run | {
        "cpu": used / run["requests"] * 1000, "own": server.memory("RssAnon"), "resident": server.memory("VmRSS"),
        "others": max(0, others) / elapsed / os.cpu_count(),
    }


def turns(run, arguments, label):
    """The calmest turns. `run` gives the runs of a turn one by one; more turns are made than are wanted while too few
    are calm."""
    def disturbance(turn):
        return max(one["others"] for one in turn)

    made = []
    while len(made) < arguments.rounds or (
        sum(disturbance(turn) <= CALM for turn in made) < arguments.rounds and len(made) < arguments.attempts
    ):
        made.append(list(run()))
        print(f"{label}, turn {len(made)}, others {disturbance(made[-1]):.0%}:", end=" ", file=sys.stderr)
        print(", ".join(f"{one['rate']:,.0f}/s" for one in made[-1]), file=sys.stderr)
    return sorted(made, key=disturbance)[: arguments.rounds]


def middle(runs, key):
    return statistics.median(one[key] for one in runs)


def ratios(above, below, key):
    """How many times one run was the other of the same turn: the median, the lowest, the highest."""
    found = [one[key] / other[key] for one, other in zip(above, below)]
    return statistics.median(found), min(found), max(found)


def shown(ratio):
    """A ratio with two digits that count."""
    return f"{ratio:.2f}" if ratio < 0.995 else f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def spread(ratio):
    most_likely, lowest, highest = map(shown, ratio)
    return f"**{most_likely}** ({lowest}–{highest})"


HEADER = """\
| | requests/s | ours to it | CPU s per 1,000 | its to ours | ms p50 / p99 | MiB, own / resident |
|---|--:|--:|--:|--:|--:|--:|"""


def table(title, labels, chosen):
    """A table of the turns of one endpoint, Rostrum first."""
    columns = list(zip(*chosen))
    ours = columns[0]
    print(f"\n#### {title}, {middle(ours, 'size') / 1024:.1f} KiB\n\n{HEADER}")
    for label, runs in zip(labels, columns):
        cells = [label, f"{middle(runs, 'rate'):,.0f}"]
        cells.append(spread(ratios(ours, runs, "rate")) if runs is not ours else "")
        cells.append(f"{middle(runs, 'cpu'):.3f}")
        cells.append(spread(ratios(runs, ours, "cpu")) if runs is not ours else "")
        cells.append(f"{middle(runs, 'middle'):.1f} / {middle(runs, 'slow'):.1f}")
        cells.append(f"{runs[-1]['own']:.0f} / {runs[-1]['resident']:.0f}")
        print("| " + " | ".join(cells) + " |")
    disturbed = [max(one["others"] for one in turn) for turn in chosen]
    print(f"\nOther programs took {min(disturbed):.0%} to {max(disturbed):.0%} of the processors.", flush=True)

"""Look for inputs that break the promise of `tests.fuzz.cases`: ``python -m tests.fuzz --seconds 60``.

Each case follows from the seed and its number, so a run can be repeated. A case that breaks the promise is written to
the folder of ``--keep`` as a file of the corpus.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from heapq import nlargest
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.cases import MOST_SECONDS, Case, Verdict, judged
from tests.fuzz.hostile_inputs import hostile_cases
from tests.fuzz.machine_definitions import definition_cases

KINDS: Final[dict[str, Callable[[Random], Iterator[Case]]]] = {
    "definitions": definition_cases,
    "hostile": hostile_cases,
}


def main() -> int:
    """Run the fuzzers and return 1 if a case broke the promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long each kind of cases is tried")
    parser.add_argument("--most-seconds", type=float, default=MOST_SECONDS, help="the most CPU that a case may take")
    parser.add_argument("--cases", type=int, default=sys.maxsize, help="the most cases of each kind")
    parser.add_argument("--seed", type=int, default=0, help="what the cases follow from")
    parser.add_argument("--kind", choices=KINDS, action="append", help="the kinds of cases; all if not given")
    parser.add_argument("--keep", type=Path, help="a folder for the cases that break the promise")
    arguments = parser.parse_args()
    broken = 0
    # The warnings about definitions are not what is tried here.
    warnings.simplefilter("ignore")
    for kind in arguments.kind or KINDS:
        broken += _tried(kind, arguments)
    return 1 if broken else 0


def _tried(kind: str, arguments: argparse.Namespace) -> int:
    gc.collect()
    gc.freeze()  # What the cases of another kind have left takes none of the time of these.
    cases, came = KINDS[kind](Random(arguments.seed)), Counter[str]()
    slowest: list[tuple[float, int, str]] = []
    largest: list[tuple[float, int, str]] = []
    faults: list[tuple[int, Case, Verdict]] = []
    end, number = time.monotonic() + arguments.seconds, 0
    while number < arguments.cases and time.monotonic() < end:
        case = next(cases)
        verdict = judged(case, arguments.most_seconds)
        came[verdict.came] += 1
        slowest = nlargest(5, [*slowest, (verdict.seconds, number, shown(case))])
        largest = nlargest(3, [*largest, (verdict.megabytes, number, shown(case))])
        if verdict.fault is not None:
            faults.append((number, case, verdict))
        number += 1
    print(f"{kind}: {number} cases, {len(faults)} break the promise (seed {arguments.seed})")
    for what, count in came.most_common():
        print(f"  {count:>8}  {what}")
    for seconds, at, text in slowest:
        print(f"  {seconds:8.3f} s  #{at}  {text}")
    for megabytes, at, text in largest:
        print(f"  {megabytes:8.0f} MB  #{at}  {text}")
    for at, case, verdict in faults[:50]:
        print(f"  #{at}  {verdict.came}: {verdict.fault}\n      {shown(case)}")
        if arguments.keep is not None:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            kept = {"name": f"{kind} {at} of seed {arguments.seed}: {verdict.fault}"[:200], **case}
            (arguments.keep / f"{kind}_{arguments.seed}_{at}.json").write_text(json.dumps(kept, indent=1) + "\n")
    return len(faults)


def shown(case: Case) -> str:
    """Return the beginning of a case as JSON."""
    return json.dumps(case)[:300]


if __name__ == "__main__":
    sys.exit(main())

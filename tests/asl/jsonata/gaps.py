"""Where the engine and the adapter are known to differ from AWS, and why it stays so.

Each gap: the expression, what AWS gives (a value, or a part of the cause), and the reason. A gap that closes fails its
test, so that it is taken from the list.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_sfn_sync.asl.expressions import JSON


@dataclass(frozen=True, kw_only=True)
class Gap:
    expression: str
    aws: JSON
    reason: str


GAPS = {
    "substring counts UTF-16 units from the end": Gap(
        expression="$length($substring('a\U0001f600b', -2))",
        aws=1,
        reason="half a character is no text in Python's or the engine's sense",
    ),
    "split halves astral characters": Gap(
        expression="$count($split('\U0001f600', ''))",
        aws=2,
        reason="half a character is no text in Python's or the engine's sense",
    ),
    "only ASCII spaces match \\s": Gap(
        expression="$contains('\u00a0', /\\s/)",
        aws=False,
        reason="the engine's regular expressions can't be configured, and rewriting them could change their meaning",
    ),
    "recursion through & may nest a little deeper": Gap(
        expression="($f := function($n){$n = 0 ? '' : 'a' & $f($n - 1)}; $f(32))",
        aws="Depth=101 max=100",
        reason="the operator is rewritten as a call, which nests deeper; a limit that comes late was preferred",
    ),
    "integers within an object lose digits past 2^53": Gap(
        expression="{'id': $states.context.Big}.id",
        aws=9007199254740993,
        reason="the engine knows doubles only; what is passed on by a plain path is exact",
    ),
    "partition of null has the message of any other value that is no array": Gap(
        expression="$partition(null, 2)",
        aws="T0412",
        reason="the engine hands over null as it hands over undefined",
    ),
}

MEASURED_GAPS: dict[str, str] = {}
"""Cases of the recorded data that fail, with the reason."""

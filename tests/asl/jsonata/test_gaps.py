"""The known differences, each expected to fail: see `gaps`."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.jsonata import QueryEvaluationError
from tests.asl.jsonata.evaluating import ENGINE, WITHOUT_ENGINE, QueryScope, compiled
from tests.asl.jsonata.gaps import GAPS

pytest.importorskip(ENGINE, reason=WITHOUT_ENGINE)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xfail(reason=GAPS[name].reason)) for name in GAPS]
)
def test_what_aws_gives(name: str) -> None:
    gap = GAPS[name]
    scope = QueryScope(context={"Big": 9007199254740993})

    try:
        value = compiled(f"{{% {gap.expression} %}}").evaluate({"input": None}, scope)
    except QueryEvaluationError as failure:
        value = failure.cause
        assert value is not None
        assert gap.aws in value
    else:
        assert value == gap.aws

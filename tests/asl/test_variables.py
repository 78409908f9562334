"""Workflow variables: who sees what."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.variables import Variables


def test_inner_scopes_read_outer_variables_and_keep_their_own_to_themselves() -> None:
    machine = Variables()
    machine.own["total"] = 1
    first, second = Variables(machine), Variables(machine)
    first.own["item"] = "a"
    assert (first["total"], first["item"]) == (1, "a")
    assert second.visible() == {"total": 1}
    assert machine.visible() == {"total": 1}


def test_a_variable_that_holds_null_is_there() -> None:
    machine = Variables()
    machine.own["nothing"] = None
    assert Variables(machine)["nothing"] is None


def test_a_variable_that_was_never_assigned_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="missing"):
        Variables(Variables())["missing"]

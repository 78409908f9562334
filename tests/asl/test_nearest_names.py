"""Which names are slips of the pen: near enough to a known one to be meant as it."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl import nearest_names
from pytest_sfn_sync.asl.nearest_names import did_you_mean, likeness, misspelt, nearest, nearest_first


@pytest.mark.parametrize(
    ("name", "known", "is_slip"),
    [
        pytest.param("sendMesage", "sendMessage", True, id="a letter too few"),
        pytest.param("sendMesssage", "sendMessage", True, id="a letter too many"),
        pytest.param("sentMessage", "sendMessage", True, id="a wrong letter"),
        pytest.param("recieveMessage", "receiveMessage", True, id="two swapped"),
        pytest.param("endMessage", "sendMessage", True, id="the first one missing"),
        pytest.param("sendMessages", "sendMessage", True, id="one behind the end"),
        pytest.param("SENDMESSAGE", "sendMessage", True, id="other capitals"),
        pytest.param("send_message", "sendMessage", True, id="underscores"),
        pytest.param("secrets-manager", "secretsmanager", True, id="a hyphen"),
        pytest.param("sndMesage", "sendMessage", False, id="two letters too few"),
        pytest.param("wafv3", "wafv2", False, id="another version"),
        pytest.param("inspector2", "inspector", False, id="a second version"),
        pytest.param("bedrockagentcore", "bedrockagent", False, id="a longer name"),
        pytest.param("evs", "eks", False, id="another short name"),
        pytest.param("EKS", "eks", True, id="a short name in capitals"),
        pytest.param("ab", "ba", False, id="two letters"),
        pytest.param("", "eks", False, id="no name"),
    ],
)
def test_slips(name: str, known: str, is_slip: bool) -> None:
    assert misspelt(name, ["unlike", known]) == (known if is_slip else None)


def test_of_many_names_those_that_are_worth_it_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def counted(name: str, other: str) -> float:
        compared.append(other)
        return likeness(name, other)

    monkeypatch.setattr(nearest_names, "likeness", counted)
    names = [*(f"other{number}" for number in range(5_000)), "charge-card"]

    found = nearest_first("charge-crad", names)

    assert found[0] == "charge-card"
    assert sorted(found) == sorted(names)
    assert len(compared) == 400


def test_only_the_beginning_of_a_long_name_is_compared() -> None:
    assert likeness("x" * 10**7, "x" * 10**7) == 1
    assert did_you_mean("Typ" + "e" * 10**7, ["Type"]) is None
    assert did_you_mean("Typ", ["Type", "Time" * 10**7]) == "Did you mean 'Type'?"


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        pytest.param(["queue", "queues", "topic", "quota"], "queue, queues, quota", id="three of four"),
        pytest.param([], "there are none", id="none"),
        pytest.param(["q" * 300], f"{'q' * 200} ...(100 more characters)", id="a long name"),
    ],
)
def test_few_names_are_shown(known: list[str], shown: str) -> None:
    assert nearest("queue", known) == shown

"""Network addresses; the right values are those of Terraform 1.11."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from tests.terraform.evaluated_expressions import in_json, why_not

pytestmark = pytest.mark.skipif(find_spec("hcl2") is None, reason="needs the reader of Terraform's files")

VALUES = [
    pytest.param('cidrsubnet("172.16.0.0/12", 4, 2)', "172.18.0.0/16", id="a subnet"),
    pytest.param('cidrsubnet("10.1.2.0/24", 4, 15)', "10.1.2.240/28", id="the last subnet"),
    pytest.param('cidrsubnet("10.1.2.3/24", 1, 1)', "10.1.2.128/25", id="a subnet of a host's network"),
    pytest.param('cidrsubnet("010.0.0.0/16", 8, 1)', "10.0.1.0/24", id="an address with leading zeros"),
    pytest.param(
        'cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)', "fd00:fd12:3456:7800:a200::/72", id="a subnet of IPv6"
    ),
    pytest.param(
        'cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)',
        ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"],
        id="subnets of several sizes",
    ),
    pytest.param('cidrsubnets("10.1.0.0/16")', [], id="no subnets"),
    pytest.param('cidrhost("10.12.112.0/20", 16)', "10.12.112.16", id="a host"),
    pytest.param('cidrhost("10.12.112.0/20", -1)', "10.12.127.255", id="a host from the end"),
    pytest.param('cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)', "fd00:fd12:3456:7890::22", id="a host of IPv6"),
    pytest.param('cidrnetmask("172.16.0.0/12")', "255.240.0.0", id="a netmask"),
]
FAULTS = [
    pytest.param(
        'cidrsubnet("10.1.2.0/24", 9, 1)', "the prefix of 10.1.2.0/24 can't be longer by 9 bits.", id="too long"
    ),
    pytest.param(
        'cidrsubnet("10.1.2.0/24", 1, 5)',
        "a prefix that is longer by 1 bits has no subnet with the number 5.",
        id="no such subnet",
    ),
    pytest.param(
        'cidrsubnet("0.0.0.0/8", 8, -1)', "0.0.0.0/8 has no subnet with a number below 0.", id="a subnet below 0"
    ),
    pytest.param(
        'cidrsubnets("10.1.0.0/30", 1, 1, 1)',
        "10.1.0.0/30 has no addresses left for a subnet with a prefix of 31 bits.",
        id="no addresses left",
    ),
    pytest.param('cidrhost("10.12.112.0/30", 9)', "10.12.112.0/30 has no host with the number 9.", id="no such host"),
    pytest.param('cidrnetmask("fd00::/12")', "fd00::/12 is of IPv6, which has no netmask.", id="a netmask of IPv6"),
    pytest.param('cidrnetmask("x")', "'x' is no address with a prefix such as 10.0.0.0/16.", id="no address"),
]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_values(expression: str, value: Any) -> None:
    assert in_json(expression) == value


@pytest.mark.parametrize(("expression", "why"), FAULTS)
def test_what_cannot_be_computed_says_why(expression: str, why: str) -> None:
    assert why_not(expression) == why

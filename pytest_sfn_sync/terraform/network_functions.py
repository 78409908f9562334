"""Terraform's functions of network addresses; the right values in the tests were recorded with Terraform 1.11."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final, TypeAlias

from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.terraform.values import ValueKindError, text_of, whole_of

_Network: TypeAlias = IPv4Network | IPv6Network

_LEADING_ZEROS: Final = re.compile(r"(?<![\d:a-fA-F])0+(?=\d)")


def cidrsubnet(prefix: Any, new_bits: Any, number: Any) -> str:
    """Return the subnet of a number, with a prefix that is longer by some bits."""
    network, bits, at = _network_of(prefix), whole_of(new_bits), whole_of(number)
    length = _longer(network, bits)
    if at >= 1 << bits:
        raise ValueKindError(f"a prefix that is longer by {bits} bits has no subnet with the number {at}")
    return _subnet(network, int(network.network_address) + at * (1 << (network.max_prefixlen - length)), length)


def cidrsubnets(prefix: Any, *new_bits: Any) -> list[str]:
    """Return subnets one after the other, each with a prefix that is longer by its own number of bits."""
    network = _network_of(prefix)
    start = int(network.network_address)
    found = []
    for bits in map(whole_of, new_bits):
        length = _longer(network, bits)
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size - 1 > int(network.broadcast_address):
            raise ValueKindError(f"{network} has no addresses left for a subnet with a prefix of {length} bits")
        found.append(_subnet(network, start, length))
        start += size
    return found


def cidrhost(prefix: Any, number: Any) -> str:
    """Return the address of a number in a network; negative numbers count from its end."""
    network, at = _network_of(prefix), whole_of(number)
    if not -network.num_addresses <= at < network.num_addresses:
        raise ValueKindError(f"{network} has no host with the number {at}")
    return str(ip_address(network[at]))


def cidrnetmask(prefix: Any) -> str:
    """Return the netmask of a network of IPv4."""
    network = _network_of(prefix)
    if isinstance(network, IPv6Network):
        raise ValueKindError(f"{network} is of IPv6, which has no netmask")
    return str(network.netmask)


def _network_of(prefix: Any) -> _Network:
    text = text_of(prefix)
    address, slash, length = text.partition("/")
    try:
        # Recorded: Terraform 1.11 takes 010.0.0.0 for 10.0.0.0.
        return ip_network(f"{_LEADING_ZEROS.sub('', address)}{slash}{length}" if slash else "none", strict=False)
    except ValueError:
        raise ValueKindError(f"{shown_value(text)} is no address with a prefix such as 10.0.0.0/16") from None


def _longer(network: _Network, bits: int) -> int:
    if not 0 <= bits <= network.max_prefixlen - network.prefixlen:
        raise ValueKindError(f"the prefix of {network} can't be longer by {bits} bits")
    return network.prefixlen + bits


def _subnet(network: _Network, address: int, length: int) -> str:
    if address < 0:
        raise ValueKindError(f"{network} has no subnet with a number below 0")
    return f"{type(network.network_address)(address)}/{length}"

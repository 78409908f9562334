"""The request headers that HTTP tasks and API Gateway tasks may not set: AWS sets them itself, or refuses them.

Documented: each of the two integrations has its own list. Upper and lower case are the same in names of headers. A
definition with such a header is refused when it is created. A task whose evaluated parameters have one fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pytest_sfn_sync.tasks.resources import API_GATEWAY_INVOKE, HTTP_INVOKE


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedHeaders:
    """Headers that one integration refuses, in lower case: whole names, and the beginnings of names."""

    names: frozenset[str]
    prefixes: tuple[str, ...]

    def among(self, headers: Iterable[str]) -> list[str]:
        """Return the refused ones of the given headers, in lower case and in the order given."""
        lower = [name.lower() for name in headers]
        return [name for name in lower if name in self.names or name.startswith(self.prefixes)]


def _refused(names: str, prefixes: str) -> RefusedHeaders:
    return RefusedHeaders(names=frozenset(names.lower().split()), prefixes=tuple(prefixes.lower().split()))


REFUSED_HEADERS: Final[dict[str, RefusedHeaders]] = {
    HTTP_INVOKE: _refused(
        "A-IM Accept-Charset Accept-Datetime Accept-Encoding Authorization Cache-Control Connection Content-Encoding "
        "Content-MD5 Date Expect Forwarded From Host HTTP2-Settings If-Match If-Modified-Since If-None-Match If-Range "
        "If-Unmodified-Since Max-Forwards Origin Pragma Proxy-Authorization Referer Server TE Trailer "
        "Transfer-Encoding Upgrade Via Warning",
        "X-Forwarded- X-Amz- X-Amzn-",
    ),
    API_GATEWAY_INVOKE: _refused(
        "Authorization Connection Content-MD5 Expect Host Max-Forwards Proxy-Authenticate Server TE Transfer-Encoding "
        "Trailer Upgrade Via WWW-Authenticate",
        "X-Forwarded X-Amz X-Amzn",
    ),
}
"""The refused headers by the key of the integration."""


def refused_headers(key: str, headers: Iterable[str]) -> list[str]:
    """Return the headers that an integration refuses, in lower case; none for integrations without such a list."""
    refused = REFUSED_HEADERS.get(key)
    return [] if refused is None else refused.among(headers)


def refused_headers_message(names: Iterable[str]) -> str:
    """Return AWS's sentence about refused headers, measured at the creation of a definition."""
    return f"The 'Headers' field contains unsupported values: [{', '.join(names)}]"

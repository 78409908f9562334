"""The pages of a list: ``maxResults``, and the token with which the next page is asked for.

Recorded: 0 and an absent ``maxResults`` mean 100, the last page has no token, a page may be larger or smaller than the
one before it, and a token that AWS did not make is refused.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.requests import Request

DEFAULT_PAGE: Final = 100

_PAGING: Final = frozenset({"maxResults", "nextToken"})

Item = TypeVar("Item")


def page_of(
    request: Request, items: Sequence[Item], member: str, render: Callable[[Item], Any], key: Callable[[Item], str]
) -> dict[str, Any]:
    """Return the response with one page of a list under the name ``member``.

    ``key`` returns a text by which an item is found again. The next page begins after the last item of this one, also
    if other items were added or removed since. Raise InvalidToken for a token of another list.
    """
    start = _start(request, items, member, key)
    end = start + (request.get("maxResults") or DEFAULT_PAGE)
    response: dict[str, Any] = {member: [render(item) for item in items[start:end]]}
    if end < len(items):
        response["nextToken"] = _token(request, member, end, key(items[end - 1]))
    return response


def _start(request: Request, items: Sequence[Item], member: str, key: Callable[[Item], str]) -> int:
    token = request.get("nextToken")
    if token is None:
        return 0
    try:
        list_of_token, position, last = json.loads(urlsafe_b64decode(token.encode()))
    except (ValueError, TypeError):
        raise service_error("InvalidToken") from None
    if list_of_token != _list(request, member):
        raise service_error("InvalidToken")
    if position <= len(items) and key(items[position - 1]) == last:
        return int(position)
    return next((index + 1 for index, item in enumerate(items) if key(item) == last), min(position, len(items)))


def _token(request: Request, member: str, position: int, last: str) -> str:
    return urlsafe_b64encode(json.dumps([_list(request, member), position, last]).encode()).decode()


def _list(request: Request, member: str) -> list[Any]:
    """Return what a token belongs to: the name of the list, and the arguments that choose its items."""
    return [member, sorted([name, value] for name, value in request.items() if name not in _PAGING)]

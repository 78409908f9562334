"""Tags of machines and activities: TagResource, UntagResource, ListTagsForResource.

Recorded: a tag replaces one of the same key, unknown keys may be removed, a version has no tags, and tags are listed in
the order in which they were given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pytest_sfn_sync.service.account import Account
from pytest_sfn_sync.service.arns import parse_arn
from pytest_sfn_sync.service.errors import service_error
from pytest_sfn_sync.service.requests import Request

MOST_TAGS: Final = 50
_CHARACTERS: Final = re.compile(r"[\w\s.:/=+\-@]*")


def tag_resource(account: Account, request: Request) -> dict[str, Any]:
    """Add tags to a resource, or replace those of the same keys."""
    tags = _tags_of(account, request["resourceArn"])
    added = tags_from(request["tags"])
    _check_number({**tags, **added})
    tags.update(added)
    return {}


def untag_resource(account: Account, request: Request) -> dict[str, Any]:
    """Remove the tags of some keys; ignore keys that the resource doesn't have."""
    tags = _tags_of(account, request["resourceArn"])
    for key in request["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(account: Account, request: Request) -> dict[str, Any]:
    """Return the tags of a resource."""
    tags = _tags_of(account, request["resourceArn"])
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}


def tags_from(given: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return the values of tags by key; raise a service error for tags that AWS refuses.

    Documented: the characters and the number. Assumption: the texts.
    """
    tags = {tag.get("key", ""): tag.get("value", "") for tag in given or ()}
    for text in (*tags, *tags.values()):
        if _CHARACTERS.fullmatch(text) is None or text.lower().startswith("aws:"):
            raise service_error("ValidationException", reason=f"Invalid tag: '{text}'")
    _check_number(tags)
    return tags


def _check_number(tags: Mapping[str, str]) -> None:
    if len(tags) > MOST_TAGS:
        raise service_error("TooManyTags", reason=f"A resource can have at most {MOST_TAGS} tags.")


def _tags_of(account: Account, arn: str) -> dict[str, str]:
    parsed = parse_arn(arn, "stateMachine", "activity")
    if parsed.type == "activity":
        activity = account.activity(arn)
        if activity is not None:
            return activity.tags
    else:
        machine = account.find(arn)
        if machine is not None and machine.arn == arn:  # Recorded: a version is not found.
            return machine.revisions.tags
    raise service_error("ResourceNotFound", reason=f"Resource not found: '{arn}'")

"""The seam to botocore: calls of Step Functions clients are answered by the innermost active service.

One synchronous handler for ``before-call.sfn`` serves boto3, botocore and aiobotocore clients alike. It runs after
botocore has checked and serialised the request and before credentials are wanted or anything is sent. The answer is
read by botocore's own response parser, so that types, dropped members and exceptions are botocore's.

`install` must come before the client's session is made; `attach` is for clients made earlier. Without an active service
the handler does nothing. This is the only module that touches botocore's event machinery, and it imports botocore no
sooner than `install`, `attach` or the first answer needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pytest_sfn_sync.service.step_functions import StepFunctions, WireResponse

EVENT: Final = "before-call.sfn"
_UNIQUE_ID: Final = "pytest-sfn-sync"

# A plain list, not a ContextVar: threads that the code under test starts must see it too.
_active: list[StepFunctions] = []


def install() -> None:
    """Have every session that is made from now on give its Step Functions clients the handler; again is no harm."""
    from botocore.handlers import BUILTIN_HANDLERS

    entry = (EVENT, answer_before_call)
    if entry not in BUILTIN_HANDLERS:
        BUILTIN_HANDLERS.append(entry)


def uninstall() -> None:
    """Undo `install`; clients made in between keep the handler, which does nothing without an active service."""
    from botocore.handlers import BUILTIN_HANDLERS

    entry = (EVENT, answer_before_call)
    if entry in BUILTIN_HANDLERS:
        BUILTIN_HANDLERS.remove(entry)


def attach(client: Any) -> None:
    """Give the handler to a client that was made before `install`; again, or for a client that has it, is no harm."""
    client.meta.events.register(EVENT, answer_before_call, unique_id=_UNIQUE_ID)


def activate(service: StepFunctions) -> None:
    """Let a service answer from now on, in place of any that is active already."""
    _active.append(service)


def deactivate(service: StepFunctions) -> None:
    """Take a service out again, wherever it stands; one that is not active is no harm."""
    for index in range(len(_active) - 1, -1, -1):
        if _active[index] is service:
            del _active[index]
            return


@contextmanager
def active(service: StepFunctions) -> Iterator[None]:
    """Let a service answer within a block."""
    activate(service)
    try:
        yield
    finally:
        deactivate(service)


def innermost() -> StepFunctions | None:
    """Give the service that answers now, if any."""
    return _active[-1] if _active else None


def answer_before_call(model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
    """Answer a call in place of AWS; None, where no service is active or it declines, lets the call go on."""
    try:
        service = _active[-1]
    except IndexError:  # not asked first: another thread may take the last one out in between
        return None
    response = service.answer(model.name, params["body"], params["headers"])
    return None if response is None else _as_botocore_reads(response, model)


def _as_botocore_reads(response: WireResponse, model: Any) -> tuple[Any, dict[str, Any]]:
    """Parse a response as botocore's endpoint does, errors and their modelled members included."""
    status, headers, body = response
    make_http_response, parse = _botocore_parts()
    as_received = {"status_code": status, "headers": headers, "body": body}
    parsed = parse(as_received, model.output_shape)
    if status >= 300:
        error_shape = model.service_model.shape_for_error_code(parsed["Error"]["Code"])
        if error_shape is not None:
            parsed.update(parse(as_received, error_shape))
    parsed["ResponseMetadata"]["RetryAttempts"] = 0
    return make_http_response(response), parsed


@lru_cache(maxsize=1)
def _botocore_parts() -> tuple[Callable[[WireResponse], Any], Callable[..., dict[str, Any]]]:
    """Give what makes HTTP responses and what parses them, in the protocol that the service answers in."""
    from botocore.awsrequest import AWSResponse, HeadersDict
    from botocore.parsers import JSONParser
    from botocore.utils import parse_timestamp

    class HTTPResponse(AWSResponse):  # type: ignore[misc]  # botocore has no types
        """What ``after-call`` handlers get; its headers are made only for those that read them, being costly."""

        def __init__(self, response: WireResponse) -> None:
            self.url = None
            self.status_code = response.status
            self.raw = None
            self._response = response

        @property
        def headers(self) -> Any:
            return HeadersDict(self._response.headers)

        @property
        def content(self) -> bytes:
            return self._response.body

    # startDate and stopDate are mostly equal on the virtual clock, and reading one costs more than all other members.
    return HTTPResponse, JSONParser(timestamp_parser=lru_cache(maxsize=1)(parse_timestamp)).parse

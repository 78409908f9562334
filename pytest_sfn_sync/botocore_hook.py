"""The seam to botocore: the innermost active service answers the calls of Step Functions clients.

One handler for the event ``before-call`` answers clients of boto3, botocore and aiobotocore. It runs after botocore has
checked and serialised the request, and before botocore needs credentials or sends anything. It is the last handler of
the least specific event, so hooks of users, stubs and botocore's own hooks run first. Botocore's own parser reads the
answer, so types, dropped members and exceptions are botocore's. `client_retries` retries refusals as botocore does.

`install` reaches every client in the process. Clients that are made later get the handler from botocore's list of
handlers; clients that exist already are searched for. `install_at_import` is for the moment at which botocore is
imported, when no client exists. Without an active service the handler does nothing. This is the only module that uses
botocore's events. It imports botocore only when `install`, `attach` or the first answer needs it.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit
from weakref import WeakSet

from pytest_sfn_sync import guarding
from pytest_sfn_sync.errors import SfnSyncUsageError
from pytest_sfn_sync.service.client_retries import Answer, Call, refill_quotas, retry_as_botocore

if TYPE_CHECKING:
    from pytest_sfn_sync.service.step_functions import StepFunctions, WireResponse

EVENT: Final = "before-call"
_EVENTS_OF_STEP_FUNCTIONS: Final = "before-call.sfn."
_FROZEN_BY_PYTHON: Final = 2_000
"""Python 3.12 starts with 375 objects frozen. A program that has imported botocore has far more than this to freeze."""

# Not a ContextVar: threads that the code under test starts must see the list too.
_active: list[StepFunctions] = []
_active_lock: Final = Lock()

_kept_from_network: Final[WeakSet[Any]] = WeakSet()
"""The signers of clients that never send anything."""

_HOSTS_OF_AWS: Final = (
    ".amazonaws.com",
    ".api.aws",
    ".amazonaws.com.cn",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".api.aws.ic.gov",
    ".sc2s.sgov.gov",
    ".api.aws.scloud",
    ".cloud.adc-e.uk",
    ".api.cloud-aws.adc-e.uk",
    ".csp.hci.ic.gov",
    ".api.aws.hci.ic.gov",
)
"""The ends of AWS's host names in all partitions, as in botocore's list of partitions."""


def install() -> None:
    """Register the handler for all Step Functions clients, those that exist and those that are made later.

    If botocore was imported before, sessions and clients may exist. They are searched for once.
    """
    some_may_exist = "botocore.client" in sys.modules
    if install_at_import() and some_may_exist:
        _attach_to_what_exists()


def install_at_import() -> bool:
    """Register the handler for clients that are made later; return whether it was not registered before."""
    from botocore.handlers import BUILTIN_HANDLERS

    entry = _entry()
    if entry in BUILTIN_HANDLERS:
        return False
    BUILTIN_HANDLERS.append(entry)
    return True


def uninstall() -> None:
    """Undo `install`; clients made since keep the handler, which does nothing without an active service."""
    if "botocore.handlers" not in sys.modules:
        return
    from botocore.handlers import BUILTIN_HANDLERS

    entry = _entry()
    if entry in BUILTIN_HANDLERS:
        BUILTIN_HANDLERS.remove(entry)


def _entry() -> tuple[str, Callable[..., Any], object]:
    from botocore.handlers import REGISTER_LAST

    return (EVENT, answer_before_call, REGISTER_LAST)


def attach(client: Any) -> None:
    """Register the handler for a client that `install` doesn't find; a client never gets it twice."""
    _register(client.meta.events)


def _register(events: Any) -> None:
    """Register the handler as the last one; an emitter may have it already from its session, which is replaced."""
    # botocore's list of handlers has no unique ids, and an emitter removes by handler or by id, not by both.
    events.unregister(EVENT, answer_before_call)
    events.register_last(EVENT, answer_before_call)


def _attach_to_what_exists() -> None:
    """Register the handler for all existing clients, and for all sessions, which may make others.

    Botocore keeps no list of them, but the garbage collector knows every object with attributes.
    """
    from botocore.client import BaseClient
    from botocore.session import Session

    # Each client has a class of its own. Classes are compared, because isinstance runs code of lazy objects.
    sessions, clients = set(_with_subclasses(Session)), set(_with_subclasses(BaseClient))
    for found in _all_objects():
        kind = type(found)
        if kind in clients:
            meta = vars(found).get("meta")
            if meta is not None and meta.service_model.service_name == "stepfunctions":
                _register(meta.events)
        elif kind in sessions and "_components" in vars(found):  # else another thread is still making it
            _register(found.get_component("event_emitter"))


def _all_objects() -> list[Any]:
    """Return all objects that the garbage collector knows, including those that ``gc.freeze`` has frozen.

    These are frozen again afterwards, and all newer objects with them: Python can freeze only everything.
    """
    if gc.get_freeze_count() <= _FROZEN_BY_PYTHON:
        return gc.get_objects()
    gc.unfreeze()
    try:
        return gc.get_objects()
    finally:
        gc.freeze()


def _with_subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from _with_subclasses(subclass)


def keep_from_network(client: Any) -> None:
    """Raise a usage error if a client tries to send a request; answers of hooks still reach it."""
    client._endpoint.http_session.send = _refuse_to_send
    _kept_from_network.add(client._request_signer)


def _refuse_to_send(request: Any) -> NoReturn:
    target = request.headers.get("X-Amz-Target", "")
    operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
    service = innermost()
    error = SfnSyncUsageError(
        f"{operation} was called on a client that SfnSync.client() made, and no fake answered it: "
        + (
            "no with block of an SfnSync is active. Call it within the block."
            if service is None
            else "unsupported_operations='pass' lets it go on, but nothing else, such as moto, answered it."
        )
        + " Such a client never sends anything; boto3.client('stepfunctions') makes one that does."
    )
    keeper = guarding.guard if service is None else service
    if keeper is not None:
        keeper.usage_errors.append(error)
    raise error


def activate(service: StepFunctions) -> None:
    """Make a service answer from now on, instead of one that is active already."""
    _active.append(service)
    if guarding.guard is not None:
        guarding.guard.fake_was_entered = True


def deactivate(service: StepFunctions) -> None:
    """Remove a service from the active ones; do nothing if it is not active."""
    with _active_lock:
        for index in range(len(_active) - 1, -1, -1):
            if _active[index] is service:
                del _active[index]
                refill_quotas()
                return


@contextmanager
def active(service: StepFunctions) -> Iterator[None]:
    """Make a service answer within a block."""
    activate(service)
    try:
        yield
    finally:
        deactivate(service)


def innermost() -> StepFunctions | None:
    """Return the service that answers now, if any."""
    return _active[-1] if _active else None


def answer_before_call(
    model: Any, params: dict[str, Any], event_name: str, request_signer: Any = None, **_: Any
) -> Answer | Awaitable[Answer] | None:
    """Answer a call in place of AWS; return None to let it go on, if no service is active or the service declines it.

    Raise a usage error if no service is active and the guard refuses the call.
    Botocore calls this for the calls of all AWS services. The result for a client of aiobotocore may be awaitable.
    """
    if not event_name.startswith(_EVENTS_OF_STEP_FUNCTIONS):
        return None
    try:
        service = _active[-1]
    except IndexError:  # not checked first, as another thread may remove the last one in between
        guard = guarding.guard  # read once: another thread may end the test in between
        if guard is not None and _would_reach_aws(model, params, request_signer):
            raise guard.refuse(model.name, _machine_arn(params["body"])) from None
        return None
    # Assumption: the region for which a client signs is the one in which AWS looks.
    region = None if request_signer is None else request_signer.region_name
    response = service.answer(model.name, params["body"], params["headers"], model, region)
    if response is None:
        return None
    if response.status < 300:
        return _as_botocore_reads(response, model)

    def attempt_again() -> Answer:
        response = service.answer(model.name, params["body"], params["headers"], model, region)
        assert response is not None, "an operation that was answered once is answered again"
        if response.status < 300:
            service.note_retried(model.name, parsed["Error"]["Code"])
        return _as_botocore_reads(response, model)

    _, parsed = refusal = _as_botocore_reads(response, model)
    # A handler gets only the signer of the client; the signer has the client's emitter.
    return retry_as_botocore(refusal, Call(model, params, request_signer._event_emitter), attempt_again)


def _would_reach_aws(model: Any, params: dict[str, Any], request_signer: Any) -> bool:
    """Return whether a request would be sent to AWS: not to another endpoint, nor to a mock such as moto."""
    if request_signer in _kept_from_network:
        return False
    host = urlsplit(params["url"]).hostname or ""
    if not host.endswith(_HOSTS_OF_AWS):
        return False
    return not any(_answers(handler) for handler in _handlers_before_send(model, request_signer))


def _handlers_before_send(model: Any, request_signer: Any) -> list[Any]:
    """Return the handlers of the event in which moto and its like answer; botocore has no public way to list them."""
    emitter = request_signer._event_emitter
    handlers = getattr(getattr(emitter, "_emitter", emitter), "_handlers", None)
    return [] if handlers is None else list(handlers.prefix_search(f"before-send.sfn.{model.name}"))


def _answers(handler: Any) -> bool:
    # moto's handler is there as soon as moto is imported, and answers while it is enabled.
    return bool(getattr(handler, "enabled", True))


def _machine_arn(body: bytes | str) -> str | None:
    arn = json.loads(body).get("stateMachineArn")
    return arn if isinstance(arn, str) else None


def _as_botocore_reads(response: WireResponse, model: Any) -> Answer:
    """Parse a response as botocore's endpoint does, including errors and the members of their models."""
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
    """Return the class of HTTP responses, and the function that parses them in the service's protocol."""
    from botocore.awsrequest import AWSResponse, HeadersDict
    from botocore.parsers import JSONParser
    from botocore.utils import parse_timestamp

    class HTTPResponse(AWSResponse):  # type: ignore[misc]  # botocore has no types
        """The response for ``after-call`` handlers; its headers are costly, so they are made only when read."""

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

    # startDate and stopDate are often equal on the virtual clock, and parsing one costs more than all other members.
    return HTTPResponse, JSONParser(timestamp_parser=lru_cache(maxsize=1)(parse_timestamp)).parse

"""Step Functions clients without credentials of their own: the metadata service of EC2 is not asked when one is made.

Without other credentials, botocore asks the metadata service at 169.254.169.254 whenever it makes a client. Where that
address is dropped, this takes two seconds. A call that a fake answers needs no credentials. So a client of Step
Functions gets credentials that are fetched when a request is signed. If there are none then, the call ends with
NoCredentialsError, as without this module. Clients of other services and the credentials of sessions are not changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, Final, NamedTuple

from pytest_sfn_sync.botocore_import import ImportWatch

_SERVICE: Final = "stepfunctions"

_makes_client: ContextVar[bool] = ContextVar("a client of Step Functions is being made", default=False)


class _Library(NamedTuple):
    """The parts of botocore, or of aiobotocore, that find the credentials of a new client."""

    package: str
    session: str
    create_client: str
    provider: str
    deferred: str
    is_asynchronous: bool


_LIBRARIES: Final = (
    _Library(
        "botocore",
        "Session",
        "create_client",
        "InstanceMetadataProvider",
        "DeferredRefreshableCredentials",
        is_asynchronous=False,
    ),
    _Library(
        "aiobotocore",
        "AioSession",
        "_create_client",
        "AioInstanceMetadataProvider",
        "AioDeferredRefreshableCredentials",
        is_asynchronous=True,
    ),
)

_watches: Final[list[ImportWatch]] = []
_replaced: Final[list[tuple[type, str, Any, Any]]] = []
"""The methods that were replaced: the class, the name, the original and its replacement."""


def install() -> None:
    """Defer the credentials of clients that are made from now on, also if botocore is not imported yet."""
    for library in _LIBRARIES:
        module = f"{library.package}.session"
        if module in sys.modules:
            if hasattr(sys.modules[module], library.session):  # else it is being imported
                _replace_methods(library)
        elif not any(watch.watches(module) for watch in _watches):
            watch = ImportWatch(module, partial(_replace_methods, library))
            _watches.append(watch)
            watch.start()


def uninstall() -> None:
    """Undo `install`; clients that exist keep their credentials."""
    for watch in _watches:
        watch.stop()
    _watches.clear()
    for owner, name, original, replacement in reversed(_replaced):
        if vars(owner).get(name) is replacement:
            setattr(owner, name, original)
    _replaced.clear()


def _replace_methods(library: _Library) -> None:
    session = getattr(sys.modules[f"{library.package}.session"], library.session)
    provider = getattr(sys.modules[f"{library.package}.credentials"], library.provider)
    deferred = getattr(sys.modules[f"{library.package}.credentials"], library.deferred)
    if library.is_asynchronous:
        _replace(session, library.create_client, _marking_asynchronously)
        _replace(provider, "load", lambda load: _deferring_asynchronously(load, deferred))
    else:
        _replace(session, library.create_client, _marking)
        _replace(provider, "load", lambda load: _deferring(load, deferred))


def _replace(owner: type, name: str, replacement_of: Callable[[Any], Any]) -> None:
    original = vars(owner)[name]
    if any(replacement is original for _, _, _, replacement in _replaced):
        return
    replacement = wraps(original)(replacement_of(original))
    setattr(owner, name, replacement)
    _replaced.append((owner, name, original, replacement))


class _Making:
    """The creation of one client; the session forgets credentials that were deferred for it."""

    def __init__(self, session: Any, service: object) -> None:
        self._session = session
        self._is_of_service = service == _SERVICE

    def __enter__(self) -> None:
        self._before = self._session._credentials
        self._token = _makes_client.set(self._is_of_service)

    def __exit__(self, *_: object) -> None:
        _makes_client.reset(self._token)
        if self._is_of_service and self._before is None and getattr(self._session._credentials, _IS_DEFERRED, False):
            self._session._credentials = None


_IS_DEFERRED: Final = "_is_deferred_by_pytest_sfn_sync"


def _marking(create_client: Callable[..., Any]) -> Callable[..., Any]:
    def marked(session: Any, service_name: str, *args: Any, **kwargs: Any) -> Any:
        with _Making(session, service_name):
            return create_client(session, service_name, *args, **kwargs)

    return marked


def _marking_asynchronously(create_client: Callable[..., Any]) -> Callable[..., Any]:
    async def marked(session: Any, service_name: str, *args: Any, **kwargs: Any) -> Any:
        with _Making(session, service_name):
            return await create_client(session, service_name, *args, **kwargs)

    return marked


def _deferring(load: Callable[[Any], Any], deferred: type) -> Callable[[Any], Any]:
    def loaded(provider: Any) -> Any:
        if not _makes_client.get():
            return load(provider)

        def fetch() -> Any:
            return _required(provider._role_fetcher.retrieve_iam_role_credentials())

        return _marked(deferred(fetch, provider.METHOD))

    return loaded


def _deferring_asynchronously(load: Callable[[Any], Any], deferred: type) -> Callable[[Any], Any]:
    async def loaded(provider: Any) -> Any:
        if not _makes_client.get():
            return await load(provider)

        async def fetch() -> Any:
            return _required(await provider._role_fetcher.retrieve_iam_role_credentials())

        return _marked(deferred(fetch, provider.METHOD))

    return loaded


def _required(metadata: Any) -> Any:
    """Return what the metadata service answered; raise NoCredentialsError if it did not answer."""
    from botocore.exceptions import NoCredentialsError

    if not metadata:
        raise NoCredentialsError
    return metadata


def _marked(credentials: Any) -> Any:
    setattr(credentials, _IS_DEFERRED, True)
    return credentials

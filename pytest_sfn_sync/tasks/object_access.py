"""The objects of S3 that distributed Maps read and write: from the mocks of a test, or through its live client.

Assumption: an error of S3 has the words of version 1 of the SDK for Java, with S3's second id, as in causes that users
report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any, Final, TypeVar

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.map_objects import GivenItems, ObjectError
from pytest_sfn_sync.asl.nearest_names import nearest_first
from pytest_sfn_sync.asl.uuids import random_uuid
from pytest_sfn_sync.errors import MockError, UnmockedTaskError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.live_clients import LiveClients
from pytest_sfn_sync.tasks.made_clients import RequestToAwsError
from pytest_sfn_sync.tasks.map_mocks import ItemReaderMock, ResultWriterMock

_T = TypeVar("_T")
_M = TypeVar("_M", ItemReaderMock, ResultWriterMock)

_MESSAGES: Final = {
    "AccessDenied": ("Access Denied", 403),
    "NoSuchBucket": ("The specified bucket does not exist", 404),
    "NoSuchKey": ("The specified key does not exist.", 404),
    "SlowDown": ("Please reduce your request rate.", 503),
}
"""By code: message and status of errors of S3. An error that is not here has its code as its message."""


class ObjectAccess:
    """What the distributed Maps of one fake read and write; ``outer`` is that of the fake around it."""

    def __init__(self, clients: LiveClients, random: Random) -> None:
        self._clients = clients
        self._random = random
        self.outer: ObjectAccess | None = None
        self.mocks: list[ItemReaderMock | ResultWriterMock] = []

    def add(self, mock: ItemReaderMock | ResultWriterMock) -> None:
        """Add a mock; the newest of a state answers."""
        self.mocks.append(mock)
        mocks = self.mocks
        mock.be_removed_by(lambda one: mocks.remove(one) if one in mocks else None)

    def unused(self) -> list[ItemReaderMock | ResultWriterMock]:
        """Return the mocks that never answered a call, except for those that are optional."""
        return [mock for mock in self.mocks if not mock.called and not mock.optional]

    def get(self, machine: str, state: str, parameters: JSON) -> bytes | GivenItems:
        """Return the content of an object; raise a usage error if nothing gives it."""
        mock = self._reader(state, parameters)
        if mock is not None:
            return mock.answer(parameters)
        client = self._client(machine, state, "ItemReader", ItemReaderMock)

        def read(client: Any) -> bytes:
            body: bytes = client.get_object(**parameters)["Body"].read()
            return body

        return self._called(client, state, read)

    def list(self, machine: str, state: str, parameters: JSON) -> list[JSON] | GivenItems:
        """Return the objects of a bucket; raise a usage error if nothing gives them."""
        mock = self._reader(state, parameters)
        if mock is not None:
            given = mock.answer(parameters)
            if isinstance(given, GivenItems):
                return given
            raise MockError(
                f"{mock!r}: the ItemReader of this state lists objects (s3:listObjectsV2), so its mock takes items=, a "
                "list of what it lists, or of the items themselves for LOAD_AND_FLATTEN."
            )
        client = self._client(machine, state, "ItemReader", ItemReaderMock)
        return self._called(client, state, lambda client: list(_listed(client, parameters)))

    def put(self, machine: str, state: str, parameters: JSON) -> None:
        """Write an object; raise a usage error if nothing takes it."""
        for access in self._all_around():
            mock = access._newest(ResultWriterMock, state)
            if mock is not None:
                if not mock.write(parameters):
                    self._raise_given(mock)
                return
        client = self._client(machine, state, "ResultWriter", ResultWriterMock)
        body = {**parameters, "Body": parameters["Body"].encode(), "ContentType": "application/json"}
        self._called(client, state, lambda client: client.put_object(**body))

    def _reader(self, state: str, parameters: JSON) -> ItemReaderMock | None:
        for access in self._all_around():
            mock = access._newest(ItemReaderMock, state)
            if mock is not None:
                if mock.error_code is not None:
                    mock.calls.append(parameters)
                    self._raise_given(mock)
                return mock
        return None

    def _newest(self, kind: type[_M], state: str) -> _M | None:
        found = [mock for mock in self.mocks if isinstance(mock, kind) and mock.state == state]
        return found[-1] if found else None

    def _all_around(self) -> Iterable[ObjectAccess]:
        access: ObjectAccess | None = self
        while access is not None:
            yield access
            access = access.outer

    def _raise_given(self, mock: ItemReaderMock | ResultWriterMock) -> None:
        code = mock.error_code
        if code is not None:
            message, status = _MESSAGES.get(code, (code, 400))
            raise ObjectError(_cause(message, status, code, random_uuid(self._random), random_uuid(self._random)))

    def _client(self, machine: str, state: str, field: str, kind: type[ItemReaderMock | ResultWriterMock]) -> Any:
        for access in self._all_around():
            client = access._clients.client_of("s3")
            if client is not None:
                return client
        raise self._nothing_given(machine, state, field, kind)

    def _nothing_given(
        self, machine: str, state: str, field: str, kind: type[ItemReaderMock | ResultWriterMock]
    ) -> UnmockedTaskError:
        is_reader = kind is ItemReaderMock
        verb = "reads objects of S3" if is_reader else "writes objects to S3"
        lines = [f"The {field} of the Map state {state!r} in the state machine {machine!r} {verb}, and has no mock."]
        names = [mock.state for access in self._all_around() for mock in access.mocks if isinstance(mock, kind)]
        if names:
            near = ", ".join(f"{kind.method}({shown_value(name)})" for name in nearest_first(state, names)[:3])
            lines.append(f"The mocks there are, nearest first: {near}.")
        mocked = f"sfn_sync.{kind.method}({shown_value(state)}"
        mocked += ', items=[...])  # or body="...", or path="items.csv"' if is_reader else ")"
        lines += [
            "To mock it, write in the test",
            f"    {mocked}",
            "or, to send it to moto or another fake of S3,",
            '    sfn_sync.use_clients("s3")',
        ]
        return UnmockedTaskError("\n".join(lines))

    def _called(self, client: Any, state: str, call: Callable[[Any], _T]) -> _T:
        """Call a client; raise ObjectError for an error of S3, and MockError if nothing answers the client."""
        from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

        try:
            return call(client)
        except ParamValidationError as fault:
            # Assumption: AWS refuses such parameters too, with its own text.
            raise ObjectError(str(fault).replace("\n", " ")) from None
        except ClientError as error:
            details, metadata = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
            request_id = metadata.get("RequestId") or random_uuid(self._random)
            host_id = metadata.get("HostId") or random_uuid(self._random)
            status, code = metadata.get("HTTPStatusCode", 400), details.get("Code", "Unknown")
            raise ObjectError(_cause(details.get("Message", ""), status, code, request_id, host_id)) from None
        except RequestToAwsError as refused:
            raise MockError(
                f"The Map state {state!r} would send a request to AWS ({refused.host}), as nothing else answers the "
                "client of s3. Put the call into moto.mock_aws(), or mock what the Map reads and writes."
            ) from None
        except BotoCoreError as error:
            raise MockError(f"The Map state {state!r}: the client of s3 could not send its request: {error}") from error


def _listed(client: Any, parameters: JSON) -> Iterable[JSON]:
    """Yield the objects of all pages. Measured: the members and their order; nothing is left out."""
    given = dict(parameters)
    while True:
        page = client.list_objects_v2(**given)
        for found in page.get("Contents", ()):
            yield {
                "Etag": found["ETag"],
                "Key": found["Key"],
                "LastModified": found["LastModified"].timestamp(),
                "Size": found["Size"],
                "StorageClass": found.get("StorageClass", "STANDARD"),
            }
        if not page.get("IsTruncated"):
            return
        given["ContinuationToken"] = page["NextContinuationToken"]


def _cause(message: str, status: int, code: str, request_id: str, host_id: str) -> str:
    return (
        f"{message} (Service: Amazon S3; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; "
        f"S3 Extended Request ID: {host_id}; Proxy: null)"
    )

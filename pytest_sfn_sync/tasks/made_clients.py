"""The clients that ``use_clients`` makes: they need no credentials, and they send nothing to AWS.

A test that names a service expects something on this machine to answer it: moto, or an endpoint such as LocalStack's.
If nothing does, a request would go to AWS, with the credentials of whoever runs the tests. Such a request is refused
before it is sent. Credentials that are written down in the environment or in a file are used, as LocalStack may read
them. Those that have to be fetched are not: botocore would ask the metadata service of EC2, for example.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

_WRITTEN_DOWN: Final = frozenset({"env", "shared-credentials-file", "config-file"})
NO_CREDENTIALS: Final = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class RequestToAwsError(Exception):
    """A request that was about to be sent to AWS; ``host`` is where."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


def made_client(service: str, region: str) -> Any:
    """Return a client of a service; it raises RequestToAwsError."""
    client = new_client(service, region_name=region, **_credentials())
    session = client._endpoint.http_session
    session.send = _not_to_aws(session.send)
    return client


def new_client(service: str, **settings: Any) -> Any:
    """Return a client of boto3, or of botocore if boto3 is not installed; the settings are those of boto3.client."""
    try:
        import boto3
    except ImportError:
        import botocore.session

        return botocore.session.Session().create_client(service, **settings)
    return boto3.client(service, **settings)


def _not_to_aws(send: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def send_elsewhere(request: Any) -> Any:
        host = (urlsplit(request.url).hostname or "").rstrip(".")
        if f".{host}".endswith(_domains()):
            raise RequestToAwsError(host)
        return send(request)

    return send_elsewhere


@lru_cache(maxsize=1)
def _domains() -> tuple[str, ...]:
    """Return the domains of AWS's endpoints in all partitions that botocore knows."""
    import botocore.session

    data = botocore.session.Session().get_component("data_loader").load_data("endpoints")
    found = set()
    for partition in data["partitions"]:
        variants = partition.get("defaults", {}).get("variants", ())
        found |= {partition["dnsSuffix"], *(variant["dnsSuffix"] for variant in variants if "dnsSuffix" in variant)}
    return tuple(f".{suffix}" for suffix in sorted(found))


def _credentials() -> dict[str, str]:
    """Return the credentials that are written down in the environment or a file; if there are none, made-up ones."""
    import botocore.session
    from botocore.exceptions import PartialCredentialsError

    providers = botocore.session.Session().get_component("credential_provider").providers
    for provider in providers:
        if provider.METHOD not in _WRITTEN_DOWN:
            continue
        try:
            found = provider.load()
        except PartialCredentialsError:
            continue
        if found is not None:
            token = {} if found.token is None else {"aws_session_token": found.token}
            return {"aws_access_key_id": found.access_key, "aws_secret_access_key": found.secret_key, **token}
    return NO_CREDENTIALS

"""The boundary between a distributed Map and the objects of S3 that it reads and writes."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from pytest_sfn_sync.asl.expressions import JSON


class UnsupportedMapError(Exception):
    """A Map can't be run here; the text has the remedy."""


class ObjectError(Exception):
    """An object could not be read or written; ``reason`` is the text of S3's error."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GivenItems(NamedTuple):
    """The items of an ItemReader that were given as documents, so that no object has to be read."""

    items: list[JSON]


class MapObjects(Protocol):
    """Reads and writes the objects of the distributed Maps of executions.

    ``state`` is the name of the Map, and ``machine`` that of its machine. An error of S3 is raised as an `ObjectError`.
    """

    def get(self, machine: str, state: str, parameters: JSON) -> bytes | GivenItems:
        """Return the content of the object that the parameters of ``s3:getObject`` name."""

    def list(self, machine: str, state: str, parameters: JSON) -> list[JSON] | GivenItems:
        """Return the objects that ``s3:listObjectsV2`` finds, all of its pages, with the names of the SDK for Java."""

    def put(self, machine: str, state: str, parameters: JSON) -> None:
        """Write an object; the parameters are its Bucket, its Key, and its Body, a text."""

"""The mocks of what a distributed Map reads and writes: the items of its ItemReader, the files of its ResultWriter."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from pytest_sfn_sync.asl.expressions import JSON, MISSING
from pytest_sfn_sync.asl.map_objects import GivenItems
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.sources.text_files import about_missing_file, path_fault, what_is_not_a_file
from pytest_sfn_sync.tasks.call_assertions import CallAssertions
from pytest_sfn_sync.tasks.json_values import document_of


class _MapMock(CallAssertions):
    """The base of both: the name of the Map, and S3's error that the mock answers with."""

    method = ""
    field = ""
    """The field of a Map that the mock stands for."""

    def __init__(self, state: object, raises: object, optional: object) -> None:
        if not isinstance(state, str) or not state:
            raise MockError(f"{self.method} takes the name of a Map state, not {shown_value(state)}.")
        self.state = state
        if raises is not None and (not isinstance(raises, str) or not raises):
            raise MockError(
                f"{self!r}: raises= takes the code of an S3 error such as 'NoSuchKey', not {shown_value(raises)}."
            )
        self.error_code: str | None = raises
        if not isinstance(optional, bool):
            raise MockError(f"{self!r}: optional= takes True or False, not {shown_value(optional)}.")
        self.optional = optional
        self.calls: list[JSON] = []
        self._remove: Callable[[Any], None] | None = None

    def remove(self) -> None:
        """Take the mock out; those before it answer again. Nothing happens if it was taken out."""
        if self._remove is not None:
            self._remove(self)

    def be_removed_by(self, remove: Callable[[Any], None]) -> None:
        """Set what takes the mock out of its fake."""
        self._remove = remove

    @property
    def called(self) -> bool:
        """Return whether the mock answered at least one call."""
        return bool(self.calls)

    @property
    def call_count(self) -> int:
        """The number of calls that the mock answered."""
        return len(self.calls)

    def _documents(self) -> list[JSON]:
        return list(self.calls)

    def _place(self, index: int) -> str:
        return f"state {self.state!r}"

    def __repr__(self) -> str:
        return f"{self.method}({shown_value(self.state)})"


class ItemReaderMock(_MapMock):
    """The items of the ItemReader of a Map, given by a test.

    ``calls`` has the evaluated Parameters (or Arguments) of the ItemReader, for each time that it read.
    """

    method = "mock_item_reader"
    field = "ItemReader"

    def __init__(
        self,
        state: object,
        *,
        items: Any = MISSING,
        body: Any = MISSING,
        path: str | PathLike[str] | None = None,
        raises: object = None,
        optional: object = False,
    ) -> None:
        super().__init__(state, raises, optional)
        given = {"items": items is not MISSING, "body": body is not MISSING, "path": path is not None}
        given["raises"] = raises is not None
        if sum(given.values()) != 1:
            names = " and ".join(name for name, is_given in given.items() if is_given) or "none of them"
            raise MockError(f"{self!r} takes one of items=, body=, path= and raises=, not {names}.")
        self._content: bytes | GivenItems = b""
        if given["items"]:
            self._content = GivenItems(self._listed(items))
        elif given["body"]:
            self._content = self._bytes(body)
        elif path is not None:
            self._content = self._file(path)

    def answer(self, parameters: JSON) -> bytes | GivenItems:
        """Record a call, and return the content of the object, or the items."""
        self.calls.append(parameters)
        return self._content

    def _listed(self, items: Any) -> list[JSON]:
        found = document_of(items, f"{self!r}: items=")
        if not isinstance(found, list):
            raise MockError(f"{self!r}: items= takes a list of items, not {shown_value(items)}.")
        return found

    def _bytes(self, body: Any) -> bytes:
        if isinstance(body, bytes):
            return body
        if isinstance(body, str):
            return body.encode("utf-8", "surrogatepass")
        if isinstance(body, list | dict):
            return json.dumps(document_of(body, f"{self!r}: body=")).encode()
        raise MockError(f"{self!r}: body= takes the content of the object, a text or bytes, not {shown_value(body)}.")

    def _file(self, path: str | PathLike[str]) -> bytes:
        named: object = path
        fault = path_fault(os.fspath(path)) if isinstance(named, str | PathLike) else "it is no path"
        if fault is not None:
            raise MockError(f"{self!r}: path= can't be read: {fault}.")
        file = Path(path)
        try:
            what = what_is_not_a_file(file.stat().st_mode)  # A pipe or a device would never end.
            if what is None:
                return file.read_bytes()
            why = f"it is {what}, not a file"
        except FileNotFoundError:
            why = about_missing_file(file)
        except OSError as error:
            why = str(error.strerror)
        raise MockError(f"{self!r}: path= can't be read: {why}.")


class ResultWriterMock(_MapMock):
    """A bucket that takes the files of the ResultWriter of a Map.

    ``objects`` has the text of each object by its key, and ``calls`` the bucket and the key of each call that
    wrote one or failed.
    """

    method = "mock_result_writer"
    field = "ResultWriter with a Resource"

    def __init__(self, state: object, *, raises: object = None, at: object = None, optional: object = False) -> None:
        super().__init__(state, raises, optional)
        if at not in (None, "start", "end"):
            raise MockError(f"{self!r}: at= takes 'start' or 'end', not {shown_value(at)}.")
        if at is not None and raises is None:
            raise MockError(f"{self!r}: at= says when the writing fails, so it needs raises= as well.")
        self._fails_at_end = at == "end"
        self.objects: dict[str, str] = {}

    @property
    def manifest(self) -> JSON:
        """The manifest that was written last, as a document; None if there is none."""
        keys = [key for key in self.objects if key.rpartition("/")[2] == "manifest.json"]
        return json.loads(self.objects[keys[-1]]) if keys else None

    def results(self, kind: str = "SUCCEEDED") -> list[JSON]:
        """Return what the files of a kind have: ``SUCCEEDED``, ``FAILED`` or ``PENDING``."""
        manifest = self.manifest
        files = {} if manifest is None else manifest["ResultFiles"]
        if manifest is not None and kind not in files:
            raise MockError(f"{self!r}: results() takes one of {', '.join(files)}, not {shown_value(kind)}.")
        found: list[JSON] = []
        for file in files.get(kind, ()):
            text = self.objects[file["Key"]]
            is_lines = file["Key"].endswith(".jsonl")
            found += map(json.loads, text.splitlines()) if is_lines else json.loads(text)
        return found

    def write(self, parameters: JSON) -> bool:
        """Record a call; keep the object and return True, or return False if the call fails.

        The test manifest is the first object of a Map Run. With ``at="end"`` it is written, and no other object is.
        """
        key = parameters["Key"]
        self.calls.append({"Bucket": parameters["Bucket"], "Key": key})
        is_test_manifest = key.rpartition("/")[2] == "manifest.json" and key not in self.objects
        if self.error_code is not None and not (self._fails_at_end and is_test_manifest):
            return False
        self.objects[key] = parameters["Body"]
        return True

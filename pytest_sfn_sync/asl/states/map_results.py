"""The results of a distributed Map: the array that is its result, or the files that a ResultWriter writes.

Measured: the names and the content of the files, and the result with a ResultWriter. Documented: the transformations.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pytest_sfn_sync.asl.distributed_map_definition import ResultWriter
from pytest_sfn_sync.asl.error_names import STATES_RESULT_WRITER_FAILED, AslError, result_too_large, runtime_error
from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.json_text import DocumentSizes, compact
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.asl.map_objects import MapObjects, ObjectError
from pytest_sfn_sync.asl.run import PENDING, MapChild, MapRun, Run
from pytest_sfn_sync.asl.scopes import iso_time

SUCCEEDED: Final = "SUCCEEDED"
FAILED: Final = "FAILED"
_INCLUDED: Final = {"Included": True}
_KINDS: Final = {SUCCEEDED: SUCCEEDED, PENDING: PENDING}
"""By status: the kind of file; every other status belongs to those that failed."""


def result_of(map_run: MapRun, writer: ResultWriter | None, sizes: DocumentSizes) -> JSON:
    """Return the result of a Map that writes no files: a value for each child, in order.

    It is measured by ``sizes``: if each child returns the whole input, its text would be gigabytes.
    """
    transformation = "COMPACT" if writer is None else writer.transformation or "COMPACT"
    results = _formatted(map_run, map_run.children, transformation)
    result = results if writer is None or writer.output_type == "JSON" else _lines(results)
    if sizes.size(result) > PAYLOAD_BYTES:
        # Measured: the error. Assumption: its text is that of a state's output.
        raise result_too_large(map_run.state_name, terminal=True)
    return result


def _formatted(map_run: MapRun, children: Iterable[MapChild], transformation: str) -> list[JSON]:
    results: list[JSON] = []
    for child in children:
        run = child.run
        if run is None or transformation == "NONE":
            results.append(_metadata(map_run, child))
        elif run.status != SUCCEEDED:
            results.append(_failure(run))
        elif transformation == "FLATTEN" and isinstance(run.output, list):
            results += run.output
        else:
            results.append(run.output)
    return results


def _failure(run: Run) -> JSON:
    """Return what stands in the result for a child that failed and was tolerated (measured)."""
    texts = {name: text for name, text in (("Error", run.error), ("Cause", run.cause)) if text is not None}
    return {"Status": run.status, **texts}


_NO_TEST_MANIFEST: Final = "Failed to write a test manifest into the specified output bucket."


class ResultFiles:
    """Writes the files of one Map Run to a bucket."""

    def __init__(
        self, map_run: MapRun, writer: ResultWriter, parameters: JSON, objects: MapObjects, *, machine: str
    ) -> None:
        self._map_run = map_run
        self._writer = writer
        self._objects = objects
        self._machine = machine
        values = parameters if isinstance(parameters, dict) else {}
        bucket = values.get("Bucket")
        if not isinstance(bucket, str):
            # Assumption: the reason, after the measured text.
            raise runtime_error(f"{_NO_TEST_MANIFEST} The parameter Bucket of s3:putObject is required, and is a text.")
        self._bucket = bucket
        prefix = str(values.get("Prefix") or "").rstrip("/")
        self._folder = f"{prefix}/{map_run.id}" if prefix else map_run.id
        if map_run.redrives:
            self._folder += f"/Redrive-{len(map_run.redrives)}"

    def write_test_manifest(self) -> None:
        """Write a manifest without files. Measured: if that fails, there is no Map Run, and the text."""
        try:
            self._put("manifest.json", self._manifest({}))
        except ObjectError as refused:
            raise runtime_error(f"{_NO_TEST_MANIFEST} {refused.reason}") from None

    def write(self, children: Iterable[MapChild]) -> JSON:
        """Write the results of children, and return the result of the Map."""
        by_kind: dict[str, list[MapChild]] = {FAILED: [], PENDING: [], SUCCEEDED: []}
        for child in children:
            by_kind[_KINDS.get(child.status, FAILED)].append(child)
        files = self._map_run.result_files
        try:
            for kind, found in by_kind.items():
                written = files.setdefault(kind, [])
                if kind != SUCCEEDED:
                    written.clear()  # Documented: after a redrive, only successes of earlier files count.
                if found:
                    written.append(self._write_file(kind, found))
            self._put("manifest.json", self._manifest(files))
        except ObjectError as refused:
            # Assumption: the text, which is S3's own.
            raise AslError(STATES_RESULT_WRITER_FAILED, refused.reason) from None
        details = {"Bucket": self._bucket, "Key": f"{self._folder}/manifest.json"}
        return {"MapRunArn": self._map_run.arn, "ResultWriterDetails": details}

    def _write_file(self, kind: str, children: list[MapChild]) -> JSON:
        # Documented: those that failed are always written in full.
        transformation = self._writer.transformation if kind == SUCCEEDED else None
        results = _formatted(self._map_run, children, transformation or "NONE")
        if self._writer.output_type == "JSON":
            # Each result by itself: Java's floats are looked for in the whole of a text that may have one.
            key, text = self._put(f"{kind}_0.json", f"[{','.join(map(compact, results))}]")
        else:
            key, text = self._put(f"{kind}_0.jsonl", _lines(results))
        return {"Key": key, "Size": len(text.encode())}

    def _manifest(self, files: dict[str, list[JSON]]) -> str:
        return compact(
            {
                "DestinationBucket": self._bucket,
                "MapRunArn": self._map_run.arn,
                "ResultFiles": {kind: files.get(kind, []) for kind in (FAILED, PENDING, SUCCEEDED)},
            }
        )

    def _put(self, name: str, text: str) -> tuple[str, str]:
        key = f"{self._folder}/{name}"
        self._objects.put(self._machine, self._map_run.state_name, {"Bucket": self._bucket, "Key": key, "Body": text})
        return key, text


_date: Final = lru_cache(maxsize=64)(iso_time)
"""Most children start and end at the same virtual times."""


def _lines(results: list[JSON]) -> str:
    return "".join(f"{compact(result)}\n" for result in results)


def _metadata(map_run: MapRun, child: MapChild) -> JSON:
    """Return all that a file has of a child; measured."""
    run = child.run
    if run is None:
        return {"Input": compact(child.input), "InputDetails": _INCLUDED, "Status": PENDING}
    members: dict[str, JSON] = {
        "ExecutionArn": child.arn,
        "Input": compact(child.input),
        "InputDetails": _INCLUDED,
        "Name": map_run.name_of(child),
        "RedriveCount": len(child.redrives),
        "StartDate": _date(run.started_at),
        "StateMachineArn": map_run.child_machine_arn,
        "Status": run.status,
        "StopDate": _date(run.stopped_at),
        **_outcome(run),
    }
    return {name: members[name] for name in sorted(members)}


def _outcome(run: Run) -> dict[str, JSON]:
    if run.status == SUCCEEDED:
        return {
            "Output": compact(run.output),
            "OutputDetails": _INCLUDED,
            "RedriveStatus": "NOT_REDRIVABLE",
            "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        }
    texts = {name: text for name, text in (("Cause", run.cause), ("Error", run.error)) if text is not None}
    return {**texts, "RedriveStatus": "REDRIVABLE_BY_MAP_RUN"}

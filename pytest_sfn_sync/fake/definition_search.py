"""The files that have state machines, whatever their names are: known by what is in them.

A folder is searched for definitions, for templates with machines, and for Terraform configurations with machines. Each
file is read once, and most files are only looked through for a few words. A file that may have a machine but can't be
read is found too, so that its check reports the reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.fake.terraform_files import first_of_terraform, roots_with_machines
from pytest_sfn_sync.sources import SourceText, UnreadableSourceError, read
from pytest_sfn_sync.sources.terraform_paths import is_terraform
from pytest_sfn_sync.sources.text_files import read_bytes_of_file

MOST_BYTES_SEARCHED: Final = 1_048_576
"""The largest file that a search looks into; AWS takes definitions and templates of at most 1 MB."""

_NAMED_LIKE_DEFINITIONS: Final = ("*.asl.json", "*.asl.yaml", "*.asl.yml", "*.asl")
_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml", ".asl", ".template", ".cfn", ".sfn", ""})
_SUFFIXES_OF_TEXT_TEMPLATES: Final = frozenset({".tpl", ".tftpl", ".tmpl", ".j2", ".jinja", ".jinja2"})
"""The suffixes of files that Terraform, Jinja and other tools render."""

_LEFT_OUT: Final = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist", "venv"})
_CDK_OUTPUT: Final = "cdk.out"
"""The name of the CDK's folder of templates, and of a file in it."""

_START: Final = re.compile(rb"""(?:^|[\s{,])["']?StartAt["']?\s*:""")
_STATES: Final = re.compile(rb"""(?:^|[\s{,])["']?States["']?\s*:""")
_OF_TEMPLATES: Final = re.compile(
    rb"AWS::(?:Serverless|StepFunctions)::StateMachine|AWS::CloudFormation::Stack|AWS::Serverless::Application"
    rb"""|(?:^|[\s{,])["']?stepFunctions["']?\s*:"""
)
_OF_PLANS: Final = re.compile(rb'"terraform_version"\s*:')
_MACHINE_OF_PLANS: Final = b"aws_sfn_state_machine"
_NEXT_DOCUMENT: Final = re.compile(rb"\n---[ \t\r]*\n(?=[^\n])")
_OF_OTHER_TOOLS: Final = re.compile(
    rb"\{\{[-~]?\s*[\w.$#/]|\{%[-+]?\s*(?:if|for|set|include)\b|<%[=-]?\s|%\{\s*(?:if|for)\b"
)
"""The marks of Jinja, Helm, ERB and Terraform's template language, whose tools make another text of the file."""

_UNREADABLE: Final = (OSError, UnreadableSourceError, RecursionError)


class FileKind(Enum):
    """What a file is, by what is in it."""

    DEFINITION = "a definition"
    TEMPLATE = "a template with state machines"
    CONFIGURATION = "a Terraform configuration"
    TEMPLATE_WITHOUT_MACHINES = "a template without a state machine"
    PLAN = "the output of terraform show -json"
    TEXT_TEMPLATE = "a definition that another tool renders"
    UNREADABLE = "a file that can't be read"
    UNREADABLE_TEMPLATE = "a template that can't be read"
    OTHER = "another file"


_NOT_CHECKED: Final = (FileKind.TEMPLATE_WITHOUT_MACHINES, FileKind.OTHER)


@dataclass(slots=True)
class FoundDefinitions:
    """What a search of a folder found: the ``files`` to check, and how many files it ``looked_into``."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    looked_into: int = 0
    without_machines: int = 0
    too_large: int = 0

    @property
    def why_none(self) -> str:
        """The part of a message that says what was looked for."""
        larger = f" {self.too_large} of them had more than 1 MB." if self.too_large else ""
        without = f" {self.without_machines} of them were templates without one." if self.without_machines else ""
        return (
            "Files of JSON and YAML, and templates of them (*.tpl, *.tftpl, *.j2), whatever their names, were searched "
            "for StartAt with States, for resources of the type AWS::Serverless::StateMachine or "
            "AWS::StepFunctions::StateMachine, and for stepFunctions; *.tf files and plans in JSON for "
            f"aws_sfn_state_machine. Searched: {self.looked_into} files of JSON and YAML.{without}{larger} Not "
            f"searched: hidden folders, those of virtual environments, and {', '.join(sorted(_LEFT_OUT))}."
        )


def kind_of_file(path: Path) -> FileKind:
    """Return what a file is, whatever its name is."""
    if is_terraform(path):
        return FileKind.CONFIGURATION
    try:
        root = read(SourceText.of_file(path), tags=_plain).document
    except _UNREADABLE:
        return _kind_of_unreadable(path)
    kind = _kind_of(root)
    # A mark within a text leaves JSON that can be read, but the text is no ARN, no path and no name yet.
    is_template = path.suffix.lower() in _SUFFIXES_OF_TEXT_TEMPLATES and kind is FileKind.DEFINITION
    return FileKind.TEXT_TEMPLATE if is_template and mark_of_other_tool(path) else kind


def mark_of_other_tool(path: Path) -> str:
    """Return the first mark of another tool's template language in a file; "" if it has none."""
    found = _OF_OTHER_TOOLS.search(read_bytes_of_file(path))
    return "" if found is None else found[0].decode()


def search(folder: Path) -> FoundDefinitions:
    """Find the files in a folder, at any depth, that have state machines."""
    found = FoundDefinitions(folder)
    configurations: dict[Path, Path] = {}
    for path in _files(folder):
        if any(map(path.match, _NAMED_LIKE_DEFINITIONS)):
            found.files.append(path)
        elif is_terraform(path):
            if path.parent not in configurations:
                configurations[path.parent] = first_of_terraform(path.parent)
                found.files.append(configurations[path.parent])
        elif path.suffix.lower() in _SUFFIXES | _SUFFIXES_OF_TEXT_TEMPLATES and _may_have_machines(path, found):
            kind = kind_of_file(path)
            if kind not in _NOT_CHECKED:
                found.files.append(path)
            found.without_machines += kind is FileKind.TEMPLATE_WITHOUT_MACHINES
    roots = roots_with_machines(configurations)
    found.files = [path for path in found.files if not is_terraform(path) or path.parent in roots]
    return found


@lru_cache(maxsize=4096)
def goes_in_a_circle(folder: Path) -> bool:
    """Return whether a path enters one folder twice, by a symbolic link to a folder around it."""
    known = [(status.st_dev, status.st_ino) for status in map(os.stat, (folder, *folder.parents))]
    return len(set(known)) < len(known)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        is_cdk_output = _CDK_OUTPUT in names or Path(place).name == _CDK_OUTPUT
        folders[:] = sorted(name for name in folders if _is_entered(Path(place, name), is_cdk_output))
        for name in sorted(names):
            # The assets in the CDK's output are copies of files, which the templates beside them name.
            if not name.startswith(".") and (not is_cdk_output or name.endswith(".template.json")):
                yield Path(place, name)


def _is_entered(folder: Path, is_cdk_output: bool) -> bool:
    name = folder.name
    if name in _LEFT_OUT or name.startswith(".") or (is_cdk_output and name.startswith("asset.")):
        return False
    return not (folder / "pyvenv.cfg").exists()


def _may_have_machines(path: Path, found: FoundDefinitions) -> bool:
    """Return whether a file has the words of a definition or of a template with machines."""
    found.looked_into += 1
    try:
        if path.stat().st_size > MOST_BYTES_SEARCHED:
            found.too_large += 1
            return False
        text = read_bytes_of_file(path)
    except _UNREADABLE:
        return False  # It is no regular file, or may not be read.
    is_definition = _is_definition(text)
    is_plan = _OF_PLANS.search(text) is not None and _MACHINE_OF_PLANS in text
    if not is_definition and not is_plan and _OF_TEMPLATES.search(text) is None:
        return False
    if path.suffix == "" and not text.lstrip().startswith(b"{"):
        return False  # A text such as a README or a script.
    if _NEXT_DOCUMENT.search(text.lstrip(b"-\r\n ")) is not None and not text.lstrip().startswith(b"{"):
        return False  # Several documents of YAML, which neither CloudFormation nor Step Functions reads.
    return _OF_OTHER_TOOLS.search(text) is None or kind_of_file(path) is not FileKind.UNREADABLE_TEMPLATE


def _is_definition(text: bytes) -> bool:
    return _START.search(text) is not None and _STATES.search(text) is not None


def _kind_of_unreadable(path: Path) -> FileKind:
    try:
        text = read_bytes_of_file(path)
    except _UNREADABLE:
        return FileKind.UNREADABLE
    if _START.search(text) is None and _OF_TEMPLATES.search(text) is not None:
        return FileKind.UNREADABLE_TEMPLATE
    is_of_other_tool = _is_definition(text) and _OF_OTHER_TOOLS.search(text) is not None
    return FileKind.TEXT_TEMPLATE if is_of_other_tool and not _has_placeholders_alone(path) else FileKind.UNREADABLE


def _has_placeholders_alone(path: Path) -> bool:
    """Return whether a file can be read once its placeholders have values, which its check gives them."""
    try:
        source = SourceText.of_file(path)
        read(source.with_bare_placeholders(lambda name, line: "null") if source.is_json else source, tags=_plain)
    except _UNREADABLE:
        return False
    return True


def _kind_of(root: Any) -> FileKind:
    if not isinstance(root, Mapping):
        return FileKind.OTHER
    if "StartAt" in root and isinstance(root.get("States"), Mapping):
        return FileKind.DEFINITION
    if "terraform_version" in root and ("planned_values" in root or "values" in root):
        return FileKind.PLAN
    from pytest_sfn_sync.templates.resource_kinds import STATE_MACHINES
    from pytest_sfn_sync.templates.serverless import is_serverless, resources_in

    if is_serverless(root):
        has_machines = "stepFunctions" in root or _has_types(resources_in(root), STATE_MACHINES)
    elif isinstance(root.get("Resources"), Mapping) and "States" not in root:
        has_machines = _has_types(root["Resources"], STATE_MACHINES)
    else:
        return FileKind.OTHER
    return FileKind.TEMPLATE if has_machines else FileKind.TEMPLATE_WITHOUT_MACHINES


def _has_types(resources: Mapping[str, Any], types: tuple[str, ...]) -> bool:
    return any(isinstance(resource, Mapping) and resource.get("Type") in types for resource in resources.values())


def _plain(tag: str, value: Any) -> Any:
    return value

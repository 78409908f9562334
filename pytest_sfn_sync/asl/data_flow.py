"""How a document goes through a state: from raw input to effective input, and from result to output.

Two dialects, one pipeline: `JsonPathFlow` and `JsonataFlow` answer the same three questions, so that the interpreter
never asks which language a state is written in. Every state has a flow; a choice rule and a catcher have one of their
own, by which the state is left where they apply.

Source: the specification's "Input and Output Processing" and "Using JSONata", and recordings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pytest_sfn_sync.asl.error_names import arguments_too_large, result_too_large
from pytest_sfn_sync.asl.expressions import JSON, MISSING, Expression
from pytest_sfn_sync.asl.json_text import utf8_size
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.size_bounds import SizeBound

Departure: TypeAlias = "tuple[JSON, dict[str, JSON] | None]"
"""A state's output, and the variables that it assigns (None: it has no Assign)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPath:
    """Where a result goes in the raw input: ``write(raw_input, result)`` gives the output; ``source`` None is null."""

    source: str | None
    write: Callable[[JSON, JSON], JSON]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPathFlow:
    """The fields of a JSONPath state that shape its documents; a field that is None is the identity."""

    input_path: Expression | None = None
    input_path_selects: bool = True
    """Whether ``InputPath`` gives a part of the raw input, which can't be larger than that."""
    parameters: Expression | None = None
    parameters_bound: SizeBound | None = None
    """What the size of ``Parameters`` can come to; None where only measuring tells."""
    result_selector: Expression | None = None
    result_path: ResultPath | None = None
    output_path: Expression | None = None
    output_path_selects: bool = False
    """Whether ``OutputPath`` gives a part of the document that it is applied to, which can't be larger than that."""
    assign: Expression | None = None

    def effective_input(self, raw_input: JSON, scope: BranchScope) -> JSON:
        """Apply ``InputPath``."""
        return raw_input if self.input_path is None else self.input_path.evaluate(raw_input, scope)

    def arguments(self, effective_input: JSON, scope: BranchScope) -> JSON:
        """Apply ``Parameters``: what a Task's work, or a Parallel's branches, are given."""
        if self.parameters is None:
            return effective_input
        arguments = self.parameters.evaluate(effective_input, scope)
        check_arguments(arguments, scope, self.parameters_bound if self.input_path_selects else None)
        return arguments

    def leave(
        self,
        raw_input: JSON,
        result: JSON,
        scope: BranchScope,
        *,
        measured: JSON = MISSING,
        measured_bytes: int | None = None,
    ) -> Departure:
        """Apply ``ResultSelector``, ``Assign``, ``ResultPath`` and ``OutputPath``.

        ``measured`` is a document that is known not to be too large, as the raw input is; ``measured_bytes`` is a size
        that it does not exceed, where one is known.
        """
        if self.result_selector is not None:
            result = self.result_selector.evaluate(result, scope)
        # Assumption: in Assign, $ is the result after ResultSelector.
        assigned = None if self.assign is None else evaluate_assign(self.assign, result, scope)
        output = result if self.result_path is None else self.result_path.write(raw_input, result)
        if self.output_path is not None:
            whole = output
            output = self.output_path.evaluate(whole, scope)
            if self.output_path_selects and (whole is measured or whole is raw_input):
                scope.payload_bytes = None
                return output, assigned
        elif self.result_path is not None:
            known = measured_bytes if result is measured else None
            _check_written(raw_input, output, result, self.result_path, scope, result_bytes=known)
            return output, assigned
        check_output(raw_input, output, scope, measured=measured, measured_bytes=measured_bytes)
        return output, assigned


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonataFlow:
    """The fields of a JSONata state that shape its documents.

    ``member`` names what ``$states`` has besides the input when the state is left, which is also the output where there
    is no ``Output``: ``result`` for a Task, Parallel or Map, ``errorOutput`` for a catcher, nothing (None) for others.
    """

    arguments_expression: Expression | None = None
    output: Expression | None = None
    assign: Expression | None = None
    member: str | None = None

    def effective_input(self, raw_input: JSON, scope: BranchScope) -> JSON:
        """Give the raw input: JSONata states have no InputPath."""
        return raw_input

    def arguments(self, effective_input: JSON, scope: BranchScope) -> JSON:
        """Evaluate ``Arguments``: what a Task's work, or a Parallel's branches, are given."""
        if self.arguments_expression is None:
            return effective_input
        arguments = self.arguments_expression.evaluate({"input": effective_input}, scope)
        check_arguments(arguments, scope, None)
        return arguments

    def leave(
        self,
        raw_input: JSON,
        result: JSON,
        scope: BranchScope,
        *,
        measured: JSON = MISSING,
        measured_bytes: int | None = None,
    ) -> Departure:
        """Evaluate ``Assign`` and ``Output``; neither sees what the other does."""
        document = {"input": raw_input}
        if self.member is not None:
            document[self.member] = result
        # Assumption: Assign comes first; documented is only that the two are evaluated in parallel.
        assigned = None if self.assign is None else evaluate_assign(self.assign, document, scope)
        if self.output is not None:
            output = self.output.evaluate(document, scope)
        else:
            output = raw_input if self.member is None else result
        check_output(raw_input, output, scope, measured=measured, measured_bytes=measured_bytes)
        return output, assigned


Flow: TypeAlias = JsonPathFlow | JsonataFlow


def evaluate_assign(assign: Expression, document: JSON, scope: BranchScope) -> dict[str, JSON]:
    """Evaluate ``Assign``: every expression sees the variables as they were when the state was entered."""
    assigned: dict[str, JSON] = assign.evaluate(document, scope)
    size = utf8_size(assigned)
    # Documented: 256 KiB for one Assign, 10 MiB for all variables of an execution. Assumption for both: reported like
    # a state's output that is too large.
    if size > PAYLOAD_BYTES or scope.exceeds_variables(assigned, size):
        raise result_too_large(scope.state_name, terminal=True)
    return assigned


def check_arguments(arguments: JSON, scope: BranchScope, bound: SizeBound | None) -> None:
    """Refuse what enters a state past the payload limit; ``bound`` saves measuring where it suffices.

    Leaves in ``scope.arguments_bytes`` a size that the arguments do not exceed.
    """
    if bound is not None and scope.payload_bytes is not None:
        most = bound.literal_bytes + bound.parts * scope.payload_bytes
        if most <= PAYLOAD_BYTES:
            scope.arguments_bytes = most
            return
    size = utf8_size(arguments)
    if size > PAYLOAD_BYTES:
        raise arguments_too_large(scope.state_name)
    scope.arguments_bytes = size


def check_output(
    raw_input: JSON,
    output: JSON,
    scope: BranchScope,
    *,
    measured: JSON = MISSING,
    measured_bytes: int | None = None,
) -> None:
    """Refuse an output past the payload limit; the input's size is known to be within it."""
    if output is raw_input:
        return
    if output is measured:
        scope.payload_bytes = measured_bytes
        return
    size = utf8_size(output)
    if size > PAYLOAD_BYTES:
        # Recorded: the subject is the state's name, the cause has no prefix, and nothing catches it.
        raise result_too_large(scope.state_name, terminal=True)
    scope.payload_bytes = size


def _check_written(
    raw_input: JSON,
    output: JSON,
    result: JSON,
    result_path: ResultPath,
    scope: BranchScope,
    *,
    result_bytes: int | None = None,
) -> None:
    """Check an output that is the raw input with a result put in.

    A document that grows from state to state would otherwise be written anew at each, only to be measured. The sum of
    what it was and what came to it is an upper bound: while that suffices, nothing more is needed.
    """
    if output is raw_input:
        return
    if scope.payload_bytes is None:
        scope.payload_bytes = utf8_size(raw_input)
    # A name in the path takes up to six bytes for each of its characters, and braces, quotes and a colon.
    if result_bytes is None:
        result_bytes = utf8_size(result)
    bound = scope.payload_bytes + result_bytes + 8 * len(result_path.source or "")
    if bound > PAYLOAD_BYTES:
        check_output(raw_input, output, scope)
    else:
        scope.payload_bytes = bound

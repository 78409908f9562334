"""The path of a document through a state: from raw input to effective input, and from result to output.

`JsonPathFlow` and `JsonataFlow` have the same methods, so the interpreter does not depend on the query language of a
state. Every state has a flow. A choice rule and a catcher have flows of their own, which make the state's output where
they apply.

Source: the specification's "Input and Output Processing" and "Using JSONata", and recordings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pytest_sfn_sync.asl.error_names import arguments_too_large, result_too_large
from pytest_sfn_sync.asl.expressions import JSON, MISSING, Expression
from pytest_sfn_sync.asl.limits import PAYLOAD_BYTES
from pytest_sfn_sync.asl.scopes import BranchScope
from pytest_sfn_sync.asl.size_bounds import SizeBound

Departure: TypeAlias = "tuple[JSON, dict[str, JSON] | None]"
"""A state's output, and the variables that it assigns (None: it has no Assign)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPath:
    """A compiled ``ResultPath``: ``write(raw_input, result)`` returns the output; ``source`` is None for null."""

    source: str | None
    write: Callable[[JSON, JSON], JSON]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPathFlow:
    """The fields of a JSONPath state that shape its documents; a field that is None changes nothing."""

    input_path: Expression | None = None
    input_path_selects: bool = True
    """True if ``InputPath`` selects a part of the raw input, which can't be larger than the raw input."""
    parameters: Expression | None = None
    parameters_bound: SizeBound | None = None
    """An upper bound of the size of ``Parameters``; None where the size has to be measured."""
    result_selector: Expression | None = None
    result_path: ResultPath | None = None
    output_path: Expression | None = None
    output_path_selects: bool = False
    """True if ``OutputPath`` selects a part of the document it is applied to, which can't be larger than that one."""
    assign: Expression | None = None

    def effective_input(self, raw_input: JSON, scope: BranchScope) -> JSON:
        """Return the effective input: ``InputPath`` applied to the raw input."""
        return raw_input if self.input_path is None else self.input_path.evaluate(raw_input, scope)

    def arguments(self, effective_input: JSON, scope: BranchScope) -> JSON:
        """Return the value of ``Parameters``: the input of a Task's work, or of a Parallel's branches."""
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

        ``measured`` is a document that is known to be within the size limit, as the raw input is. ``measured_bytes`` is
        an upper bound of its size, where one is known.
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

    ``member`` is the member that ``$states`` has besides the input when the state is left: ``result`` for a Task,
    Parallel or Map, ``errorOutput`` for a catcher, None for others. Its value is the output where there is no
    ``Output``.
    """

    arguments_expression: Expression | None = None
    output: Expression | None = None
    assign: Expression | None = None
    member: str | None = None

    def effective_input(self, raw_input: JSON, scope: BranchScope) -> JSON:
        """Return the raw input: JSONata states have no InputPath."""
        return raw_input

    def arguments(self, effective_input: JSON, scope: BranchScope) -> JSON:
        """Return the value of ``Arguments``: the input of a Task's work, or of a Parallel's branches."""
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
        """Evaluate ``Assign`` and ``Output``; neither sees the effect of the other."""
        document = {"input": raw_input}
        if self.member is not None:
            document[self.member] = result
        # Assumption: Assign comes first. Documented: the two are evaluated in parallel.
        assigned = None if self.assign is None else evaluate_assign(self.assign, document, scope)
        if self.output is not None:
            output = self.output.evaluate(document, scope)
        else:
            output = raw_input if self.member is None else result
        check_output(raw_input, output, scope, measured=measured, measured_bytes=measured_bytes)
        return output, assigned


Flow: TypeAlias = JsonPathFlow | JsonataFlow


def evaluate_assign(assign: Expression, document: JSON, scope: BranchScope) -> dict[str, JSON]:
    """Return the value of ``Assign``; every expression sees the variables as they were when the state was entered."""
    assigned: dict[str, JSON] = assign.evaluate(document, scope)
    size = scope.context.document_sizes.size(assigned)
    # Documented: 256 KiB for one Assign, 10 MiB for all variables of an execution.
    # Assumption: both are reported like a state's output that is too large.
    if size > PAYLOAD_BYTES or scope.exceeds_variables(assigned, size):
        raise result_too_large(scope.state_name, terminal=True)
    return assigned


def check_arguments(arguments: JSON, scope: BranchScope, bound: SizeBound | None) -> None:
    """Raise the error for arguments that exceed the payload limit.

    Where ``bound`` is within the limit, the arguments are not measured. ``scope.arguments_bytes`` is set to an upper
    bound of their size.
    """
    if bound is not None and scope.payload_bytes is not None:
        most = bound.literal_bytes + bound.parts * scope.payload_bytes
        if most <= PAYLOAD_BYTES:
            scope.arguments_bytes = most
            return
    size = scope.context.document_sizes.bound(arguments)
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
    """Raise the error for an output that exceeds the payload limit; the raw input is known to be within it."""
    if output is raw_input:
        return
    if output is measured:
        scope.payload_bytes = measured_bytes
        return
    size = scope.context.document_sizes.bound(output)
    if size > PAYLOAD_BYTES:
        # Recorded: the subject is the state's name, the cause has no prefix, and no catcher takes it.
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
    """Check the size of an output that is the raw input with a result put in.

    The size of the raw input plus the size of the result is an upper bound. While the bound is within the limit, the
    output is not measured. Otherwise a document that grows from state to state would be written at each of them.
    """
    if output is raw_input:
        return
    if scope.payload_bytes is None:
        scope.payload_bytes = scope.context.document_sizes.bound(raw_input)
    # A name in the path takes up to six bytes for each of its characters, plus braces, quotes and a colon.
    if result_bytes is None:
        result_bytes = scope.context.document_sizes.bound(result)
    bound = scope.payload_bytes + result_bytes + 8 * len(result_path.source or "")
    if bound > PAYLOAD_BYTES:
        check_output(raw_input, output, scope)
    else:
        scope.payload_bytes = bound

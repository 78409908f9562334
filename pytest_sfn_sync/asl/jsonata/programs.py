"""The programs that the engine runs for one expression.

A program puts the author's text into a block that binds the variables it reads. It also returns the type of the result,
because undefined, null and functions have to be distinguished:
``($__r := ($states := ...; TEXT); {"t": $type($__r), "v": $__r})``. The values of the variables are the engine's input,
of which it converts only the parts that are read. An expression may read the context item, which AWS does not have.
Then the values are passed as bindings instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Final

from pytest_sfn_sync.asl.expressions import JSON
from pytest_sfn_sync.asl.jsonata import function_library, non_finite, translation
from pytest_sfn_sync.asl.jsonata.counted_translation import CountedTranslation, Lengths
from pytest_sfn_sync.asl.jsonata.function_library import HostFunction
from pytest_sfn_sync.asl.jsonata.function_results import may_hold_function
from pytest_sfn_sync.asl.jsonata.number_text import concatenated, string_function
from pytest_sfn_sync.asl.jsonata.syntax import Node
from pytest_sfn_sync.asl.jsonata.translation import Translation, is_rewritten, own_prefix

ADDED_FUNCTIONS: Final = frozenset((*function_library.REPLACED, *function_library.DEFINITIONS))
"""The functions that AWS adds to JSONata's own, or for which a program has its own definition."""

_BLOCK_DEPTH: Final = 3
_SEARCH_DEPTH: Final = 1000
_OWN_DEFINITION_DEPTH: Final = 8
_CALLING_ENGINE: Final = frozenset({"distinct", "keys"})
"""This package's definitions that call the engine's functions, the one of the same name among them."""
_TRANSLATION_DEPTH: Final = 50
"""The extra depth for rewritten operators, which nest deeper than the author's.

A recursion may then end later than on AWS, but none fails that AWS accepts.
"""
_FUNCTION_SEARCH: Final = (
    '${0}f := function($v){{$type($v) = "array" ? $count($filter($v, ${0}f)) > 0'
    ' : $type($v) = "object" ? $exists($sift($v, ${0}f)) : $type($v) = "function"}};'
)
_WRAPPERS: Final = {
    translation.STRING_FUNCTION: ('function($v){{${0}string({{"v":$v}})}}', translation.TO_STRING),
    translation.STRING_PARTIAL: (
        'function($v,$prettify){{${0}string({{"v":$v,"prettify":$prettify}})}}',
        translation.TO_STRING,
    ),
    **{
        translation.CHECKED + name: (f'function($v,$picture){{{{${{0}}{check}({{{{"v":{call}}}}})}}}}', check)
        for name, check, call in (
            ("toMillis", translation.REFUSE_NAN, "$toMillis($v,$picture)"),
            ("number", translation.REFUSE_NAN, "$number($v)"),
            ("parseInteger", translation.KEEP_NAN, "$parseInteger($v,$picture)"),
        )
    },
}
"""Functions for those that are not called but passed on, each with the own function that it calls."""
_MAKERS_OF_TEXT: Final = {translation.CONCATENATE: concatenated, translation.TO_STRING: string_function}
_SUM: Final = "sum"
_OWN_FUNCTIONS: Final[dict[str, HostFunction | Callable[..., JSON]]] = {
    "parse": function_library.parse_function,
    "distinct": function_library.distinct,
    translation.CONCATENATE: concatenated,
    translation.TO_STRING: string_function,
    translation.KEEP_NAN: non_finite.keep_nan,
    translation.REFUSE_NAN: non_finite.refuse_nan,
    translation.REQUIRE_FINITE: non_finite.require_finite,
    translation.TIMEZONE: function_library.timezone,
    _SUM: HostFunction(signature="<a<n>:n>", call=non_finite.total),
    **{
        name: HostFunction(signature="<n?n?:n>", call=non_finite.OPERATIONS[operator])
        for operator, name in translation.ARITHMETIC.items()
    },
}

Program = Callable[..., JSON]
"""See `engine.program`."""


class Programs:
    """The programs of one expression, made when they are first needed.

    ``variables`` are the workflow variables that it reads, ``hideable`` the functions that a variable may hide.
    ``prefix`` begins this package's own names in them.
    """

    __slots__ = (
        "_engine",
        "_hideable",
        "_holds_functions",
        "_made",
        "_reads_context_item",
        "_root",
        "_text",
        "_variables",
        "prefix",
    )

    def __init__(
        self,
        text: str,
        root: Node | None,
        engine: ModuleType,
        *,
        variables: tuple[str, ...],
        hideable: tuple[str, ...],
        reads_context_item: bool,
    ) -> None:
        self.prefix = own_prefix(text)
        self._text = text
        self._root = root
        self._engine = engine
        self._variables = variables
        self._hideable = hideable
        self._reads_context_item = reads_context_item
        self._holds_functions = root is not None and may_hold_function(root)
        self._made: dict[tuple[bool, tuple[str, ...], bool], Program] = {}

    def program(self, finite: bool, hidden: tuple[str, ...], *, counts: bool = False) -> Program:
        """Return the program with the engine's arithmetic (``finite``) or this package's; ``hidden`` are functions.

        With ``counts`` it counts the lengths of values, by the functions of `counted_translation.Lengths`.
        """
        made = self._made.get((finite, hidden, counts))
        if made is None:
            text, used, extra_depth = self._source(finite, hidden, counts)
            host_functions: dict[str, HostFunction | Callable[..., JSON]] = {
                name: function
                for name, function in function_library.REPLACED.items()
                if name in self._hideable and name not in hidden
            }
            host_functions.update((self.prefix + name, _OWN_FUNCTIONS[name]) for name in used)
            made = self._engine.program(text, functions=host_functions, extra_depth=extra_depth)
            self._made[finite, hidden, counts] = made
        return made

    def counting_functions(self, lengths: Lengths) -> dict[str, Callable[..., JSON]]:
        """Return the bindings of a program that counts."""
        own = self.prefix
        makers = {own + name: lengths.counted(function) for name, function in _MAKERS_OF_TEXT.items()}
        return {**lengths.functions(own), **makers}

    def _source(self, finite: bool, hidden: tuple[str, ...], counts: bool) -> tuple[str, set[str], int]:
        """Return the program, the own functions that it calls, and the depth that it adds."""
        own = self.prefix
        source = f"${own}of_{{0}}" if self._reads_context_item else "`{0}`"
        # $states is bound even if it is not read, because JSONata cannot read a regular expression directly after a
        # parenthesis.
        bound = [f"${name} := {source.format(name)};" for name in ("states", *self._variables, *hidden)]
        used_definitions = [
            name for name in function_library.DEFINITIONS if name in self._hideable and name not in hidden
        ]
        defined = [f"${name} := {_definition(name, own, hidden)};" for name in used_definitions]
        text, used, extra_depth = self._text, {"parse", "distinct"} & set(self._hideable) - set(hidden), _BLOCK_DEPTH
        if not finite and "sum" in self._hideable and "sum" not in hidden:
            defined.append(f"$sum := ${own}{_SUM};")
            used.add(_SUM)
        for name in _CALLING_ENGINE.intersection(used_definitions):
            bound[:0] = [f"${own}engine_{called} := ${called};" for called in (name, *hidden)]
            extra_depth += _OWN_DEFINITION_DEPTH
        if self._root is not None and (counts or not finite or is_rewritten(self._root)):
            make = CountedTranslation if counts else Translation
            translated = make(text, prefix=own, hidden=frozenset(hidden), finite=finite)
            text = translated.rewritten(self._root)
            if isinstance(translated, CountedTranslation):
                bound.insert(0, translated.definitions())
            used |= translated.used
            extra_depth += _TRANSLATION_DEPTH if translated.is_deeper else 0
        for name in sorted(used & _WRAPPERS.keys()):
            definition, called = _WRAPPERS[name]
            defined.append(f"${own}{name} := {definition.format(own)};")
            used = (used - {name}) | {called}
        block = f"({''.join((*bound, *defined))}{text}\n)"
        answer = f'"t": $type(${own}r), "v": ${own}r'
        if not self._holds_functions:
            return f"(${own}r := {block}; {{{answer}}})", used, extra_depth
        search = _FUNCTION_SEARCH.format(own)
        program = f'(${own}r := {block}; {search} {{{answer}, "f": ${own}f(${own}r)}})'
        return program, used, extra_depth + _SEARCH_DEPTH


def _definition(name: str, own: str, hidden: tuple[str, ...]) -> str:
    """Return the text of a definition; a function that a variable hides is called by the name it was kept under."""
    text = function_library.DEFINITIONS[name].format(own)
    for other in hidden:
        text = re.sub(rf"\${other}\b", f"${own}engine_{other}", text)
    return text

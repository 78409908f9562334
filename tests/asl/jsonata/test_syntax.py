"""The reader of JSONata: trees, spans, and rewriting that changes nothing but what it means to change."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.jsonata.expression_faults import JsonataSyntaxError
from pytest_sfn_sync.asl.jsonata.syntax import Node, parse
from pytest_sfn_sync.asl.jsonata.translation import Translation, own_prefix

SHAPES = {
    "precedence": ("1 + 2 * 3", "(+ 1 (* 2 3))"),
    "grouping to the left": ("1 - 2 - 3", "(- (- 1 2) 3)"),
    "division is no regular expression": ("$a/2/$b", "(/ (/ $a 2) $b)"),
    "a regular expression in brackets": ("$m(x, /a[/]b\\/c/i)", "(call $m x /)"),
    "a regular expression after an operator": ("x ~> /a/", "(~> x /)"),
    "a path binds tighter than arithmetic": ("a.b + c", "(+ (step a b) c)"),
    "a predicate binds tighter than a step": ("a.b[0].c", "(step (step a (filter b 0)) c)"),
    "a grouping covers the path": ("a.b{c: d}", "(group (step a b) c d)"),
    "a sort covers the path": ("a.b^(<c, >d)", "(sort (step a b) c d)"),
    "a conditional": ("a ? b : c ? d", "(conditional a b (conditional c d))"),
    "an assignment takes all": ("$x := 1 + 2", "(assignment (+ 1 2))"),
    "a function with a signature": ("function($x, $y)<n?(sn):n>{$x}", "(lambda $x)"),
    "a function with a letter for a name": ("λ($x){$x}", "(lambda $x)"),
    "a block": ("(a; b;)", "(block a b)"),
    "ranges": ("[1..3, 5]", "(array 1 3 5)"),
    "words that are names": ("and.or.in", "(step (step and or) in)"),
    "words that are operators": ("a and b or c in d", "(or (and a b) (in c d))"),
    "wildcards": ("*.**.%", "(step (step * **) %)"),
    "a product of wildcards": ("* * *", "(* * *)"),
    "a transform": ("$ ~> |a|b,c|", "(~> $ (transform a b c))"),
    "keeping an array": ("a[]", "(filter a)"),
    "joins and positions": ("a@$x.b#$y", "(step (bound a) (bound b))"),
    "a minus": ("-a.b", "(negation (step a b))"),
    "a comment in the middle": ("a /* + ?? */ . b", "(step a b)"),
}


def shape(node: Node) -> str:
    name = node.value if node.kind == "binary" else node.kind
    if node.kind == "variable":
        return f"${node.value}"
    if node.kind == "regex":
        return "/"
    if node.kind in ("name", "number", "leaf", "string"):
        return node.value
    return f"({' '.join((name, *map(shape, node.parts)))})"


@pytest.mark.parametrize("name", SHAPES)
def test_the_tree_of_an_expression(name: str) -> None:
    text, expected = SHAPES[name]

    assert shape(parse(text)) == expected


@pytest.mark.parametrize("name", SHAPES)
def test_what_needs_no_rewriting_is_copied_to_the_letter(name: str) -> None:
    text, _ = SHAPES[name]

    assert Translation(text, prefix="__").rewritten(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "finite", "expected"),
    [
        pytest.param("'a' & b", True, ' $__concatenate({"0":\'a\',"1":b}) ', id="concatenation"),
        pytest.param("a & b & c", True, ' $__concatenate({"0":a,"1":b,"2":c}) ', id="a chain of it"),
        pytest.param("'a' & 'b' & $trim(c)", True, "'a' & 'b' & $trim(c)", id="text only"),
        pytest.param("$string(a, true)", True, ' $__string({"v":a,"prettify":true}) ', id="$string"),
        pytest.param("x.$string()", True, 'x.($__v:=$; $__string({"v":$__v}) )', id="$string of the context item"),
        pytest.param("a ~> $string()", True, ' $__string({"v":a}) ', id="$string in a chain"),
        pytest.param("a ~> $string(b, c)", True, "a ~> $string(b, c)", id="a chain that calls $string wrongly"),
        pytest.param("a ~> b & c", True, 'a ~> ( $__concatenate({"0":b,"1":c}) )', id="a chain to a value"),
        pytest.param("$map(a, $string)", True, "$map(a, $__stringFunction)", id="$string itself"),
        pytest.param("$string / 2", True, "$__stringFunction / 2", id="$string before a division"),
        pytest.param("$string(?, true)", True, "$__stringPartial(?, true)", id="$string applied in part"),
        pytest.param("$f($fromMillis(a,b,c))", True, '$f($fromMillis(a,b, $__timezone({"v":c}) ))', id="a timezone"),
        pytest.param("(a + 1) / b", False, " $__divide(( $__add(a,1) ),b) ", id="arithmetic"),
        pytest.param("a[b / c] - 1", False, " $__subtract(a[ $__divide(b,c) ],1) ", id="arithmetic in a predicate"),
        pytest.param("$parseInteger(a, '0')", False, " $__keepNan({\"v\":$parseInteger(a, '0')}) ", id="integers read"),
        pytest.param("x.(a & b)", True, 'x.(($__0:=a;$__1:=b; $__concatenate({"0":$__0,"1":$__1}) ))', id="in a path"),
        pytest.param("a or(b)&c", True, 'a or $__concatenate({"0":(b),"1":c}) ', id="after a word"),
        pytest.param(
            "($string(1); function($string){$string(2)})",
            True,
            '( $__string({"v":1}) ; function($string){$string(2)})',
            id="outside the function whose parameter hides it",
        ),
        pytest.param(
            "[($string := $f; $string(1)), $string(2)]",
            True,
            '[($string := $f; $string(1)),  $__string({"v":2}) ]',
            id="outside the block whose variable hides it",
        ),
    ],
)
def test_what_is_rewritten(text: str, finite: bool, expected: str) -> None:
    assert Translation(text, prefix="__", finite=finite).rewritten(parse(text)) == expected


def test_a_function_of_ones_own_is_not_rewritten() -> None:
    text = "($string := $f; $string(1))"

    assert Translation(text, prefix="__").rewritten(parse(text)) == text


def test_a_variable_of_the_workflow_hides_a_function() -> None:
    assert Translation("$string(1)", prefix="__", hidden=frozenset({"string"})).rewritten(parse("$string(1)")) == (
        "$string(1)"
    )


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("$a", "__"), ("$__a", "___"), ("function($___a){$__b}", "____")],
)
def test_own_names_begin_with_what_the_text_does_not_have(text: str, prefix: str) -> None:
    assert own_prefix(text) == prefix


@pytest.mark.parametrize(
    ("text", "symbol", "position"),
    [("a ?? b", "?", 3), ("a ?: b", ":", 3), ("$f(a[b??c])", "?", 7)],
)
def test_operators_newer_than_2_0_6(text: str, symbol: str, position: int) -> None:
    with pytest.raises(JsonataSyntaxError) as fault:
        parse(text)

    assert fault.value.message == f'The symbol "{symbol}" cannot be used as a unary operator'
    assert fault.value.position == position


def test_a_block_in_a_block_keeps_only_the_names_of_functions() -> None:
    # A copy of 200 names for each of the inner blocks made the work quadratic.
    kept: set[frozenset[str]] = set()

    class Watched(Translation):
        def _render(self, node: Node) -> str:
            kept.add(self._shadowed)
            return super()._render(node)

    assignments = "".join(f"$v{index}:={index};" for index in range(200))
    text = f"({assignments}($string:=1;$w:=2;$string&'a');$string(1))"

    assert Watched(text, prefix=own_prefix(text)).rewritten(parse(text)).endswith(' $__string({"v":1}) )')
    assert kept == {frozenset(), frozenset({"string"})}

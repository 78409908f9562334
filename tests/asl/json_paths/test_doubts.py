"""Paths that look right and aren't: which are reported, and what to write instead."""

from __future__ import annotations

import pytest

from pytest_sfn_sync.asl.json_paths import PathSyntaxError, compile_jayway_path, doubts_about, refusal_hint

NO_FUNCTIONS = "AWS's JSONPath has no functions: '{}(' begins the name of a property."
FROM_END = "The index [{}] is out of bounds in every array: AWS's JSONPath does not count from the end."
ARRAY_LENGTH = "Write States.ArrayLength(...) around the path."
QUOTES = "The double quotes belong to the text: the filter compares with {}, quotes included."
NO_OPERATOR = "AWS's JSONPath has no operator '{}': the filter compares by '{}' with the text '{}'."


@pytest.mark.parametrize(
    ("source", "code", "message", "hint"),
    [
        pytest.param(
            "$.a[-1]",
            "JSONPATH_NEGATIVE_INDEX",
            FROM_END.format(-1),
            "Write [(@.length-1)] for the last element, or [-1:] for a list of it.",
            id="the last element",
        ),
        pytest.param(
            "$.a[-3].b",
            "JSONPATH_NEGATIVE_INDEX",
            FROM_END.format(-3),
            "Write [(@.length-3)] for that element, or [-3:] for a list.",
            id="an element from the end",
        ),
        pytest.param(
            "$.a[0,-1]",
            "JSONPATH_NEGATIVE_INDEX",
            FROM_END.format(-1),
            "Write [(@.length-1)] for the last element, or [-1:] for a list of it.",
            id="one of several indices",
        ),
        pytest.param("$.a.length()", "JSONPATH_FUNCTION", NO_FUNCTIONS.format("length"), ARRAY_LENGTH, id="a length"),
        pytest.param("$.a.size()", "JSONPATH_FUNCTION", NO_FUNCTIONS.format("size"), ARRAY_LENGTH, id="a size"),
        pytest.param(
            "$.prices.sum()",
            "JSONPATH_FUNCTION",
            NO_FUNCTIONS.format("sum"),
            "Let a JSONata state compute it, if it has $sum.",
            id="a sum",
        ),
        pytest.param(
            "$.prices.avg()",
            "JSONPATH_FUNCTION",
            NO_FUNCTIONS.format("avg"),
            "Let a JSONata state compute it, which has $average.",
            id="an average",
        ),
        pytest.param(
            "$.a.concat('x')",
            "JSONPATH_FUNCTION",
            NO_FUNCTIONS.format("concat"),
            "Write States.Format('{}{}', ...) to join texts.",
            id="a function with an argument",
        ),
        pytest.param(
            "$.a[?(@.b.length() > 1)]",
            "JSONPATH_FUNCTION",
            NO_FUNCTIONS.format("length"),
            "Ask for an element, as in @.items[0], or let a JSONata state count them.",
            id="a function in a filter",
        ),
        pytest.param(
            "$['a','b'].c",
            "JSONPATH_SEVERAL_NAMES",
            "Several names, as in ['a', 'b'], can stand at the end of a path only: reading this path fails.",
            "Read each of the names by a path of its own.",
            id="several names on the way",
        ),
        pytest.param(
            '$[?(@.s == "x")]',
            "JSONPATH_FILTER_LITERAL",
            QUOTES.format('"x"'),
            "Write 'x', in single quotes.",
            id="a text in double quotes",
        ),
        pytest.param(
            '$[?(@.a && (@.b == 1 || @.s == "x"))]',
            "JSONPATH_FILTER_LITERAL",
            QUOTES.format('"x"'),
            "Write 'x', in single quotes.",
            id="a text in double quotes among other conditions",
        ),
        pytest.param(
            "$[?(@.tags == ['a'])]",
            "JSONPATH_FILTER_LITERAL",
            "AWS's JSONPath does not compare with arrays or objects: ['a'] is read as a text.",
            "Compare the members or elements one by one.",
            id="an array",
        ),
        pytest.param(
            "$[?(@.s === 'x')]",
            "JSONPATH_FILTER_OPERATOR",
            NO_OPERATOR.format("===", "==", "= 'x'"),
            "Write '=='.",
            id="three equals signs",
        ),
        pytest.param(
            "$[?(@.s <> 'x')]",
            "JSONPATH_FILTER_OPERATOR",
            NO_OPERATOR.format("<>", "<", "> 'x'"),
            "Write '!='.",
            id="unequal as in SQL",
        ),
        pytest.param(
            "$[?(@.a == 1 and @.b == 2)]",
            "JSONPATH_FILTER_OPERATOR",
            NO_OPERATOR.format("and", "==", "1 and @.b == 2"),
            "Write && instead.",
            id="the word and after a comparison",
        ),
        pytest.param(
            "$[?(!(@.s == 'x'))]",
            "JSONPATH_FILTER_OPERATOR",
            "AWS's JSONPath cannot negate a condition: the filter compares the text '!(@.s'.",
            "Use the opposite operator, or write !@.name for a missing member.",
            id="a negated comparison",
        ),
        pytest.param(
            "$[?(@.s == 'x' AND @.n == 1)]",
            "JSONPATH_FILTER_OPERATOR",
            NO_OPERATOR.format("AND", "==", "'x' AND @.n == 1"),
            "Write && instead.",
            id="a word in capitals",
        ),
        pytest.param(
            "$[?(@.n==1 & @.s=='x')]",
            "JSONPATH_FILTER_OPERATOR",
            "AWS's JSONPath reads all after '==' as one text: the filter compares with '1 & @.s=='x''.",
            "Write && or || between two conditions, and a text in single quotes.",
            id="a single ampersand",
        ),
        pytest.param(
            "$[?(@.n=1)]",
            "JSONPATH_FILTER_OPERATOR",
            "The filter reads 'n=1' as the name of a member: AWS's JSONPath has no such operator.",
            "Write ==, !=, <, <=, >, >= or =~ between two values, && or || between two conditions.",
            id="a single equals sign",
        ),
        pytest.param(
            "$[?(@.s =~ 'x')]",
            "JSONPATH_FILTER_OPERATOR",
            "The operator =~ takes a regular expression between slashes: with 'x' it fails.",
            "Write =~ /x/, or =~ /.*x.*/ for a part of the text.",
            id="a text for a regular expression",
        ),
        pytest.param(
            "$[?]",
            "JSONPATH_FILTER_OPERATOR",
            "[?] has no condition: reading this path fails.",
            "Write the condition: [?(@.name == 'value')].",
            id="a placeholder",
        ),
        pytest.param(
            '$[?("x" == @.s)]',
            "JSONPATH_FILTER_LITERAL",
            QUOTES.format('"x"'),
            "Write 'x', in single quotes.",
            id="a text in double quotes on the left",
        ),
        pytest.param(
            "$.a[?(@.b == 'x')][0]",
            "JSONPATH_INDEX_AFTER_FILTER",
            "After a filter [0] is applied to each element that matched, not to the list of them.",
            "Take an element of the list by States.ArrayGetItem(path, 0), or in the next state.",
            id="an index after a filter",
        ),
        pytest.param(
            "$.a[0:3:2]",
            "JSONPATH_SLICE_WIDTH",
            "AWS's JSONPath ignores the third number of a slice: this one is read as [0:3].",
            "List the indices, as in [0,2,4], or let a JSONata state choose the elements.",
            id="a slice with a width",
        ),
        pytest.param(
            "$.a[0:-1]",
            "JSONPATH_NEGATIVE_SLICE",
            "With two bounds AWS's JSONPath does not count from the end: [0:-1] is empty in every array.",
            "Write [:-1] for all but the last, or [-2:] for the last two.",
            id="all but the last",
        ),
        pytest.param(
            "$.a[-3:-1]",
            "JSONPATH_NEGATIVE_SLICE",
            "With two bounds AWS's JSONPath does not count from the end: [-3:-1] is out of bounds in every array.",
            "Write [:-1] for all but the last, or [-2:] for the last two.",
            id="two negative bounds",
        ),
        pytest.param(
            "$[?(1 == @.n)]",
            "JSONPATH_FILTER_LITERAL",
            "On the left 1 is a text, which no number and no boolean equals.",
            "Write the path on the left, and 1 on the right.",
            id="a number on the left",
        ),
        pytest.param(
            "$[?(@.a.length > 1)]",
            "JSONPATH_FUNCTION",
            "AWS's JSONPath has no length in filters: 'length' is the name of a property.",
            "Ask for an element, as in @.items[0], or let a JSONata state count them.",
            id="a length in a filter",
        ),
        pytest.param(
            "$.a.distinct()",
            "JSONPATH_FUNCTION",
            NO_FUNCTIONS.format("distinct"),
            "Write States.ArrayUnique(...) around the path.",
            id="a function that no version has",
        ),
        pytest.param(
            "$[?(price < 10)]",
            "JSONPATH_FILTER_OPERATOR",
            "Neither side of the comparison in the filter is a path: it holds for all elements or for none.",
            "Write @.price for the element's member.",
            id="a member without the item",
        ),
    ],
)
def test_a_doubtful_path_is_told(source: str, code: str, message: str, hint: str) -> None:
    assert [tuple(doubt) for doubt in doubts_about(source)] == [(code, message, hint)]


@pytest.mark.parametrize(
    "source",
    [
        "$",
        "$.a.b[0]",
        "$.a[(@.length-1)]",
        "$.a[-1:]",
        "$.length",
        "$['lengthy(m)']",
        "$['a','b']",
        "$[?(@.s==es)]",
        "$[?(@.s == 'x' && !@.gone)]",
        "$[?(@.mail == 'kaisa@example.com' && @.of == 'a and b @ c')]",
        "$.a[*][0]",
        "$.a[0:3]",
        "$[?('x' == @.s)]",
        "$[?(@.a =~ /x/i)]",
        "$[?(@.a == $.b)]",
    ],
)
def test_what_is_read_as_it_looks_is_not_told(source: str) -> None:
    assert doubts_about(source) == ()


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        pytest.param(
            "$[?(@.s in ['a','b'])]",
            "AWS's JSONPath has no operator 'in' in filters. Write one == for each value, joined by ||.",
            id="in",
        ),
        pytest.param(
            "$[?(@.s nin ['a','b'])]",
            "AWS's JSONPath has no operator 'nin' in filters. Write one != for each value, joined by &&.",
            id="not in",
        ),
        pytest.param(
            "$[?(@.tags contains 'a')]",
            "AWS's JSONPath has no operator 'contains' in filters. Write =~ /.*text.*/ for a text.",
            id="contains",
        ),
        pytest.param(
            "$[?(@.a and @.b == 2)]",
            "AWS's JSONPath has no operator 'and' in filters. Write && instead.",
            id="and",
        ),
        pytest.param(
            "$[?(@.tags empty true)]",
            "AWS's JSONPath has no operator 'empty' in filters. Write a comparison, or !@.name for a missing member.",
            id="empty",
        ),
        pytest.param(
            '$["a b"].c',
            "AWS's JSONPath takes names in brackets in single quotes only. Write ['a b'].",
            id="double quotes in brackets",
        ),
        pytest.param(
            "$[?(@.s like 'x')]",
            "AWS's JSONPath has no operator 'like' in filters. Write =~ /pattern/.",
            id="like",
        ),
        pytest.param(
            "$[?(not @.s)]",
            "AWS's JSONPath has no operator 'not' in filters. "
            "Use the opposite operator, or write !@.name for a missing member.",
            id="not",
        ),
        pytest.param(
            "$.a[::2]",
            "In brackets AWS's JSONPath reads whole numbers: [1], [0,2], [1:], [:2] or [1:2].",
            id="a slice without bounds",
        ),
        pytest.param(
            "$.a['b",
            "The path ends before a bracket or a quote is closed. A bracket within quotes counts as well.",
            id="an open bracket",
        ),
        pytest.param(
            "$[?(sold)]",
            "The filter has neither a comparison nor a path that begins with '@' or '$'.",
            id="a bare word",
        ),
        pytest.param(
            "$[?(@.s==$v)]",
            "In a filter '$' is the document: a variable or the context object cannot be read there.",
            id="a variable in a filter",
        ),
        pytest.param("$.a b", "Space not allowed in path.", id="Jayway's own reason"),
        pytest.param("$.a..", "A path can not end with a scan.", id="Jayway's own reason, which is a sentence"),
    ],
)
def test_a_refused_path_is_told_with_what_to_write_instead(source: str, hint: str) -> None:
    with pytest.raises(PathSyntaxError) as caught:
        compile_jayway_path(source)
    assert refusal_hint(source, caught.value) == hint

"""Choice rules of JSONPath states: the table of operators (`operators`) and their compilation to tests (`rules`).

A rule's transition (Next, Assign) is parsed with its state. Conditions in JSONata are compiled by their dialect.
"""

from pytest_sfn_sync.asl.choice.rules import (
    JSON_PATH_RULE_FIELDS,
    ChoiceTest,
    compile_choice_rule,
    has_one_kind_of_rule,
)

__all__ = ["JSON_PATH_RULE_FIELDS", "ChoiceTest", "compile_choice_rule", "has_one_kind_of_rule"]

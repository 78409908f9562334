"""The markers: nearest wins, farther ones fill in, and wrong arguments name the marker and the test."""

from __future__ import annotations

import json

import pytest

from tests.plugin.conftest import RunProject


def test_a_marker_pulls_the_fixture_in(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine("orders", CHARGE)
@pytest.mark.sfn_lambda("charge-card", returns={"receipt": 7})
def test_order():
    assert place_order() == ("SUCCEEDED", {"receipt": 7})
"""
    )

    result.assert_outcomes(passed=1)


def test_a_definition_in_a_marker_may_be_yaml_text(run_project: RunProject) -> None:
    pytest.importorskip("yaml", reason="PyYAML is not installed")
    result = run_project(
        """
@pytest.mark.sfn_machine("rest", "StartAt: Rest\\nStates:\\n  Rest: {Type: Succeed}\\n")
def test_rest(sfn_sync):
    assert list(sfn_sync.machines[0].definition["States"]) == ["Rest"]
"""
    )

    result.assert_outcomes(passed=1)


def test_every_marker_says_what_its_method_says(run_project: RunProject) -> None:
    result = run_project(
        """
@pytest.mark.sfn_machine(
    "orders",
    {
        "StartAt": "Find",
        "States": {
            "Find": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:getItem",
                "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}},
                "Next": "Ship",
            },
            "Ship": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:${F}", "End": True},
        },
    },
    substitutions={"F": "ship"},
)
@pytest.mark.sfn_resource("dynamodb:getItem", returns={"Item": {}}, takes=2)
@pytest.mark.sfn_task("Ship", calls=lambda payload: payload)
@pytest.mark.sfn_error("ThrottlingException", message="slow down", times=5)
@pytest.mark.sfn_sync(seed=7)
def test_order(sfn_sync):
    with sfn_sync.raises("ThrottlingException", match="slow down"):
        place_order()
    assert place_order() == ("SUCCEEDED", {"Item": {}})
    assert sfn_sync.last_execution.duration == 2.0
    assert sfn_sync.options.seed == 7
"""
    )

    result.assert_outcomes(passed=1)


def test_the_nearest_marker_of_a_target_wins_and_farther_ones_fill_in(run_project: RunProject) -> None:
    result = run_project(
        """
pytestmark = [
    pytest.mark.sfn_machine("orders", CHARGE),
    pytest.mark.sfn_lambda("charge-card", returns="module"),
    pytest.mark.sfn_sync(seed=1, account_id="123456789012"),
]

def test_module():
    assert place_order() == ("SUCCEEDED", "module")

@pytest.mark.sfn_lambda("charge-card", returns="class")
class TestOrders:
    def test_class(self):
        assert place_order() == ("SUCCEEDED", "class")

    @pytest.mark.sfn_lambda("charge-card", returns="function")
    @pytest.mark.sfn_sync(seed=2)
    def test_function(self, sfn_sync):
        assert place_order() == ("SUCCEEDED", "function")
        assert (sfn_sync.options.seed, sfn_sync.options.account_id) == (2, "123456789012")

    @pytest.mark.sfn_lambda("another", returns="function")
    def test_another_function(self):
        assert place_order() == ("SUCCEEDED", "class")

    @pytest.mark.sfn_lambda("charge-card", returns="function")
    @pytest.mark.parametrize(
        "result",
        ["function", pytest.param("parameter", marks=pytest.mark.sfn_lambda("charge-card", returns="parameter"))],
    )
    def test_parameter(self, result):
        assert place_order() == ("SUCCEEDED", result)
"""
    )

    result.assert_outcomes(passed=6)


def test_of_markers_of_one_level_the_one_that_is_read_last_wins(run_project: RunProject) -> None:
    result = run_project(
        """
pytestmark = [
    pytest.mark.sfn_machine("orders", CHARGE),
    pytest.mark.sfn_lambda("charge-card", returns="a"),
    pytest.mark.sfn_lambda("charge-card", returns="b", times=1),
]

@pytest.mark.sfn_lambda("charge-card", returns=1)
@pytest.mark.sfn_lambda("charge-card", returns=2, times=1)
def test_decorators():
    assert [place_order()[1] for _ in range(3)] == [2, 1, 1]

def test_a_list(sfn_sync):
    assert [place_order()[1] for _ in range(3)] == ["b", "a", "a"]
    sfn_sync.mock_lambda("charge-card", returns="of the test", times=1)
    assert [place_order()[1] for _ in range(2)] == ["of the test", "a"]
"""
    )

    result.assert_outcomes(passed=2)


def test_the_nearest_marker_wins_whatever_it_calls_its_target(run_project: RunProject) -> None:
    result = run_project(
        """
pytestmark = [
    pytest.mark.sfn_machine("orders", CHARGE),
    pytest.mark.sfn_lambda("arn:aws:lambda:us-east-1:123456789012:function:charge-card", returns="module"),
]

def charge(event, context):
    return "handler of " + context.function_name

@pytest.mark.sfn_lambda("charge-card", returns="function")
def test_by_name():
    assert place_order() == ("SUCCEEDED", "function")

@pytest.mark.sfn_handlers({"charge-card": charge})
def test_a_handler():
    assert place_order() == ("SUCCEEDED", "handler of charge-card")

@pytest.mark.sfn_handlers({"charge-card": charge})
class TestHandlers:
    @pytest.mark.sfn_lambda("charge-card", returns="function", times=1)
    def test_a_mock_nearer_than_the_handler(self):
        assert [place_order()[1] for _ in range(2)] == ["function", "handler of charge-card"]
"""
    )

    result.assert_outcomes(passed=3)


def test_clients_by_markers(run_project: RunProject) -> None:
    pytest.importorskip("moto", reason="moto is not installed")
    result = run_project(
        """
import boto3
from moto import mock_aws

FIND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues",
    "Parameters": {},
    "ResultSelector": {"found.$": "States.ArrayLength($..QueueUrls[*])"},
    "End": True,
}
with mock_aws():
    mine = boto3.client("sqs", region_name="eu-west-1")
pytestmark = pytest.mark.sfn_machine("orders", {"StartAt": "Find", "States": {"Find": FIND}})

@pytest.fixture
def aws():
    with mock_aws():
        boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="q")
        yield

@pytest.mark.sfn_clients({"sqs": mine})
def test_a_client_of_the_tests_own(sfn_sync, aws):
    mine.create_queue(QueueName="a")
    mine.create_queue(QueueName="b")
    assert place_order() == ("SUCCEEDED", {"found": 2})

@pytest.mark.sfn_clients("sqs", "dynamodb")
def test_a_client_that_is_made(sfn_sync, aws):
    assert place_order() == ("SUCCEEDED", {"found": 1})

@pytest.mark.sfn_clients
def test_no_client(sfn_sync):
    pass
"""
    )

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["*sfn_clients at *: use_clients takes services such as 'dynamodb', a list of them, or clients by service*"]
    )


def test_a_path_counts_from_the_tests_folder_and_then_from_the_rootdir(
    pytester: pytest.Pytester, run_project: RunProject
) -> None:
    definition = {"StartAt": "Here", "States": {"Here": {"Type": "Succeed"}}}
    (pytester.path / "machines").mkdir()
    (pytester.path / "machines" / "root.json").write_text(json.dumps(definition))
    (pytester.path / "near.json").write_text(json.dumps(definition))
    pytester.makeini("[pytest]")
    folder = pytester.mkdir("beneath")
    (folder / "near.json").write_text(json.dumps({**definition, "Comment": "beneath"}))
    (folder / "test_beneath.py").write_text(
        "from pathlib import Path\n"
        "import pytest\n"
        "@pytest.mark.sfn_machine('root', 'machines/root.json')\n"
        "@pytest.mark.sfn_machine('near', Path('near.json'))\n"
        "def test_paths(sfn_sync):\n"
        "    near, root = sorted(sfn_sync.machines, key=lambda machine: machine.name)\n"
        "    assert near.definition['Comment'] == 'beneath'\n"
    )

    run_project("").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        pytest.param(
            'sfn_lambda("charge-card", return_value=1)',
            "@pytest.mark.sfn_lambda at test_project.py::test_order: there is no argument 'return_value'. Did you mean "
            "'returns'? There are: function, returns, raises, calls, responses, takes, when, times, "
            "optional.",
            id="an unknown argument",
        ),
        pytest.param(
            "sfn_lambda(returns=1)",
            "@pytest.mark.sfn_lambda at test_project.py::test_order: missing a required argument: 'function' (given: "
            "returns=1). It takes sfn_lambda(function, returns=|raises=|calls=|responses=, takes=, when=, times=, "
            "optional=).",
            id="a missing argument",
        ),
        pytest.param(
            'sfn_task("Charge", {"receipt": 7})',
            "@pytest.mark.sfn_task at test_project.py::test_order: too many positional arguments (given: 'Charge', "
            "{'receipt': 7}). It takes sfn_task(state, returns=|raises=|calls=|responses=|submits=, takes=, when=, "
            "times=, validate=, optional=).",
            id="an answer without its name",
        ),
        pytest.param(
            'sfn_resource("dynamodb:getItem")',
            "@pytest.mark.sfn_resource at test_project.py::test_order: mock_resource('dynamodb:getItem') takes exactly "
            "one of returns=, raises=, calls=, responses=; it was given none of them.",
            id="no answer",
        ),
        pytest.param(
            'sfn_error("Throttling")',
            "@pytest.mark.sfn_error at test_project.py::test_order: inject_error('Throttling'): Step Functions has "
            "no such error. Nearest: ThrottlingException*",
            id="an unknown error code",
        ),
        pytest.param(
            "sfn_sync(regoin='eu-west-1')",
            "@pytest.mark.sfn_sync at test_project.py::test_order: there is no option 'regoin'. Did you mean 'region'? "
            "There are: region, account_id, start_time, seed, assert_all_mocks_used, assert_no_pending, "
            "unsupported_operations, validate_mocks, work_budget.",
            id="an unknown option",
        ),
        pytest.param(
            "sfn_sync(account_id=1)",
            "@pytest.mark.sfn_sync at test_project.py::test_order: account_id=1: an account id is a string of 12 "
            "digits.",
            id="a wrong option",
        ),
        pytest.param(
            "sfn_sync('eu-west-1')",
            "@pytest.mark.sfn_sync at test_project.py::test_order: it takes named options only, not 'eu-west-1'.",
            id="an option without its name",
        ),
        pytest.param(
            'sfn_machine("orders", "absent.json")',
            "@pytest.mark.sfn_machine at test_project.py::test_order: Machine 'orders' (*absent.json) can't be "
            "registered:*",
            id="a file that is not there",
        ),
    ],
)
def test_wrong_arguments_name_the_marker_and_the_test(run_project: RunProject, marker: str, message: str) -> None:
    result = run_project(f"@pytest.mark.{marker}\ndef test_order():\n    pass\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message.replace("[", "[[]")])
    assert "pytest_sfn_sync/markers.py" not in result.stdout.str()


def test_the_markers_are_documented_and_known(run_project: RunProject) -> None:
    result = run_project("", "--markers")

    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.sfn_sync(**options): *",
            "@pytest.mark.sfn_machine(name, definition, **register): *",
            "@pytest.mark.sfn_task(state, *",
            "@pytest.mark.sfn_lambda(function, *",
            "@pytest.mark.sfn_resource(resource, *",
            "@pytest.mark.sfn_error(code, *",
        ]
    )
    run_project(
        "@pytest.mark.sfn_machine('orders', CHARGE)\ndef test_order():\n    pass", "--strict-markers"
    ).assert_outcomes(passed=1)


def test_what_a_marker_registers_with_a_warning_is_told_once_at_the_first_test(run_project: RunProject) -> None:
    project = """
pytestmark = pytest.mark.sfn_machine(
    "orders",
    {
        "StartAt": "Find",
        "States": {
            "Find": {"Type": "Pass", "InputPath": "$.orders[-1]", "End": True},
        },
    },
)


def test_first(sfn_sync):
    pass


def test_second(sfn_sync):
    pass
"""
    result = run_project(project, "-W", "always::pytest_sfn_sync.DefinitionWarning")

    result.assert_outcomes(passed=2, warnings=1)
    line = 2 + project.split("\n").index("def test_first(sfn_sync):") + 1
    result.stdout.fnmatch_lines(
        [f"  *test_project.py:{line}: DefinitionWarning: Machine 'orders' is registered with *"]
    )
    run_project(project, "-W", "error::pytest_sfn_sync.DefinitionWarning").assert_outcomes(errors=2)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("s3://bucket/orders.json", "it is a URL, not a path", id="an object of S3"),
        pytest.param("x" * 5_000, "it has 5,000 characters", id="a long text"),
        pytest.param("a\\0b", "a path can't have the character '\\x00'", id="NUL"),
        pytest.param(".", "it is a folder, not a file", id="a folder"),
    ],
)
@pytest.mark.parametrize("marker", ["sfn_machine('orders', '{}')", "sfn_template('{}')", "sfn_mock_config('{}')"])
def test_paths_that_name_no_file(run_project: RunProject, marker: str, path: str, why: str) -> None:
    result = run_project(
        f"""
@pytest.mark.{marker.format(path)}
def test_order():
    pass
"""
    )

    result.assert_outcomes(errors=1)
    assert why in result.stdout.str().replace("\nE   ", "")
    assert "INTERNALERROR" not in result.stdout.str()


PACKING = """
PACK = {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:pack", "End": True}
MACHINE = {"StartAt": "Pack", "States": {"Pack": PACK}}
ASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "End": True}
ASK["Parameters"] = {"QueueUrl": "queue", "MessageBody.$": "$$.Task.Token"}
ASKING = {"StartAt": "Ask", "States": {"Ask": ASK}}
"""


def test_an_activity_is_mocked_by_a_marker(run_project: RunProject) -> None:
    result = run_project(
        PACKING
        + """
@pytest.mark.sfn_machine("packing", MACHINE, type="STANDARD")
@pytest.mark.sfn_activity("pack", returns="packed")
def test_packing(sfn_sync):
    sfn_sync.machines[0].run().assert_succeeded(output="packed")
"""
    )

    result.assert_outcomes(passed=1)


def test_a_failed_test_lists_what_waits_and_the_option_makes_it_an_error(run_project: RunProject) -> None:
    result = run_project(
        PACKING
        + """
@pytest.mark.sfn_machine("asking", ASKING, type="STANDARD")
@pytest.mark.sfn_task("Ask", submits={})
def test_that_fails(sfn_sync):
    sfn_sync.machines[0].run()
    assert not "true"


@pytest.mark.sfn_machine("asking", ASKING, type="STANDARD")
@pytest.mark.sfn_task("Ask", submits={})
@pytest.mark.sfn_sync(assert_no_pending=True)
def test_that_leaves_a_task(sfn_sync):
    sfn_sync.machines[0].run()
"""
    )

    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*1 task waits for an answer at the end of the test:",
            "  waits   Ask waits for an answer to its task token since +0 s; sfn_sync.pending[[]0].succeed(*",
        ]
    )

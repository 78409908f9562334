"""Without pytest: scripts and unittest, in processes of their own from which nothing can be sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

pytest.importorskip("boto3")

# A call that tried to reach the network ends the process at once: nothing can catch that.
NO_NETWORK = """
import os, socket

def refuse(*arguments, **named):
    print("NETWORK", arguments, flush=True)
    os._exit(7)

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""

PASS = '{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}'
SETTINGS = 'region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"'


def answered(inside: str = "") -> str:
    return f"""
from pytest_sfn_sync import SfnSync
with SfnSync() as sfn:
    arn = sfn.register("orders", {PASS}).arn
    {inside}
    print(client.start_sync_execution(stateMachineArn=arn)["status"])
"""


def awaited(before: str, inside: str) -> str:
    return f"""
import asyncio
from aiobotocore.session import get_session
from pytest_sfn_sync import SfnSync

async def call():
    {before}
    with SfnSync() as sfn:
        arn = sfn.register("orders", {PASS}).arn
        {inside}
        print((await client.start_sync_execution(stateMachineArn=arn))["status"])

asyncio.run(call())
"""


def run(arguments: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "COVERAGE_"))}
    clean |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "absent", "AWS_SHARED_CREDENTIALS_FILE": "absent"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, env=clean | environment
    )


def output_of(script: str, folder: Path) -> str:
    """Run a script to its end, and return what it prints."""
    (folder / "script.py").write_text(f"{NO_NETWORK}\n{dedent(script)}", encoding="utf-8")
    ran = run(["script.py"], folder)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    return ran.stdout


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        pytest.param(f'client = boto3.client("stepfunctions", {SETTINGS})', "", id="a client of the default session"),
        pytest.param(
            f'client = boto3.Session().client("stepfunctions", {SETTINGS})', "", id="a client of another session"
        ),
        pytest.param(
            f'import botocore.session; client = botocore.session.Session().create_client("stepfunctions", {SETTINGS})',
            "",
            id="a client of botocore",
        ),
        pytest.param(
            "boto3.setup_default_session(region_name='us-east-1')",
            'client = boto3.client("stepfunctions")',
            id="the default session",
        ),
        pytest.param(
            "session = boto3.Session(region_name='us-east-1')",
            'client = session.client("stepfunctions")',
            id="a session",
        ),
        pytest.param(
            "import botocore.session; session = botocore.session.get_session()",
            f'client = session.create_client("stepfunctions", {SETTINGS})',
            id="a session of botocore",
        ),
        pytest.param(
            "import pytest_sfn_sync",
            f'client = boto3.client("stepfunctions", {SETTINGS})',
            id="nothing, where the client is made in the block",
        ),
        pytest.param(
            f'import pytest_sfn_sync; client = boto3.client("stepfunctions", {SETTINGS})',
            "",
            id="a client between the import and the block",
        ),
        pytest.param(
            f'client = boto3.client("stepfunctions", {SETTINGS}); import gc; gc.collect(); gc.freeze()',
            "",
            id="a client that gc.freeze has put aside",
        ),
        pytest.param(
            f"client = boto3.client(\"stepfunctions\", {SETTINGS})\nwith __import__('pytest_sfn_sync').SfnSync(): pass",
            "",
            id="a client and a block that has ended",
        ),
        pytest.param(
            f'client = boto3.client("stepfunctions", {SETTINGS})\n'
            "from pytest_sfn_sync import botocore_hook; botocore_hook.install(); botocore_hook.uninstall()",
            "",
            id="a run of pytest that has ended",
        ),
        pytest.param(
            f'client = boto3.client("stepfunctions", {SETTINGS})\n'
            "class Lazy:\n"
            "    @property\n"
            "    def __class__(self): raise RuntimeError\n"
            "lazy = Lazy()\n"
            "from botocore.session import Session\n"
            "class Unfinished(Session):\n"
            "    def __init__(self): pass\n"
            "unfinished = Unfinished()\n"
            "from botocore.client import BaseClient\n"
            "no_client = BaseClient.__new__(BaseClient)",
            "",
            id="objects that can't be looked at",
        ),
    ],
)
def test_what_exists_before_the_block_is_answered_in_it(before: str, inside: str, tmp_path: Path) -> None:
    assert output_of(f"import boto3\n{before}\n{answered(inside)}", tmp_path) == "SUCCEEDED\n"


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        pytest.param(
            f'client = await get_session().create_client("stepfunctions", {SETTINGS}).__aenter__()', "", id="a client"
        ),
        pytest.param(
            "session = get_session()",
            f'client = await session.create_client("stepfunctions", {SETTINGS}).__aenter__()',
            id="a session",
        ),
    ],
)
def test_what_exists_of_aiobotocore_is_answered_too(before: str, inside: str, tmp_path: Path) -> None:
    pytest.importorskip("aiobotocore")
    assert output_of(awaited(before, inside), tmp_path) == "SUCCEEDED\n"


@pytest.mark.parametrize(
    ("before", "is_frozen"),
    [
        pytest.param("gc.freeze()", True, id="where the user has frozen objects, they are frozen again"),
        pytest.param("", False, id="where the user has not, nothing is frozen"),
    ],
)
def test_what_the_search_leaves_frozen(before: str, is_frozen: bool, tmp_path: Path) -> None:
    script = f"""\
import gc, boto3
from pytest_sfn_sync import SfnSync
mine = [[] for _ in range(100)]
{before}
with SfnSync():
    # Python 3.12 has frozen a few hundred objects of its own.
    print(gc.get_freeze_count() > 2_000, any(found is mine for found in gc.get_objects()))
"""
    assert output_of(script, tmp_path) == f"{is_frozen} {not is_frozen}\n"


def test_an_operation_of_a_newer_botocore_is_a_usage_error_of_a_client_that_existed(tmp_path: Path) -> None:
    printed = output_of(
        f"""
        import boto3
        client = boto3.client("stepfunctions", {SETTINGS})
        from pytest_sfn_sync import SfnSync, UnsupportedOperationError
        from pytest_sfn_sync.service.operations import OPERATIONS
        del OPERATIONS["ListStateMachines"]
        try:
            with SfnSync() as sfn:
                client.list_state_machines()
        except UnsupportedOperationError as error:
            print(str(error).partition(",")[0])
        """,
        tmp_path,
    )
    assert printed == ("The code under test called ListStateMachines of Step Functions\n")


OUTSIDE = (
    "StartSyncExecution was called on a client that SfnSync.client() made, and no fake answered it: no with block of "
    "an SfnSync is active. Call it within the block. Such a client never sends anything; "
    "boto3.client('stepfunctions') makes one that does.\n"
)
NOTHING_NEXT = (
    "ListStateMachines was called on a client that SfnSync.client() made, and no fake answered it: "
    "unsupported_operations='pass' lets it go on, but nothing else, such as moto, answered it. Such a client never "
    "sends anything; boto3.client('stepfunctions') makes one that does.\n"
)
MODES = ["legacy", "standard", "adaptive"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("SfnSync().client(config=config).start_sync_execution(stateMachineArn='a')", OUTSIDE, id="before"),
        pytest.param(
            "with SfnSync() as sfn: client = sfn.client(config=config)\n"
            "client.start_sync_execution(stateMachineArn='a')",
            OUTSIDE,
            id="after",
        ),
        pytest.param(
            "from pytest_sfn_sync.service.operations import OPERATIONS\n"
            "OPERATIONS.pop('ListStateMachines', None)\n"
            "with SfnSync(unsupported_operations='pass') as sfn:\n"
            "    client = sfn.client(config=config)\n"
            "    try:\n"
            "        client.list_state_machines()\n"
            "    except Exception: pass",
            NOTHING_NEXT,
            id="inside, where the fake lets it go on, and told again",
        ),
    ],
)
def test_a_client_of_the_fake_never_sends_in_any_mode_of_retries(script: str, expected: str, tmp_path: Path) -> None:
    lines = "\n".join(f"        {line}" for line in script.splitlines())
    printed = output_of(
        "from botocore.config import Config\n"
        "from pytest_sfn_sync import SfnSync, SfnSyncUsageError\n"
        f"for mode in {MODES}:\n"
        '    config = Config(retries={"mode": mode})\n'
        f"    try:\n{lines}\n    except SfnSyncUsageError as error:\n        print(mode, error)",
        tmp_path,
    )
    assert printed == "".join(f"{mode} {expected}" for mode in MODES)


def test_a_client_of_the_fake_reaches_moto_where_the_fake_lets_it_go_on(tmp_path: Path) -> None:
    pytest.importorskip("moto")
    printed = output_of(
        """
        import moto
        from pytest_sfn_sync import SfnSync
        from pytest_sfn_sync.service.operations import OPERATIONS
        del OPERATIONS["ListStateMachines"]
        with moto.mock_aws(), SfnSync(unsupported_operations="pass") as sfn:
            print(sfn.client().list_state_machines()["stateMachines"])
        """,
        tmp_path,
    )
    assert printed == "[]\n"


def test_unittest_runs_a_test_of_code_with_a_client_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "orders.py").write_text(
        f'import boto3\nclient = boto3.client("stepfunctions", {SETTINGS})\n'
        "def place(arn): return client.start_sync_execution(stateMachineArn=arn)['status']\n",
        encoding="utf-8",
    )
    (tmp_path / "test_orders.py").write_text(
        NO_NETWORK
        + dedent(
            f"""
            import unittest
            import orders
            from pytest_sfn_sync import SfnSync, UnmockedTaskError

            TASK = {{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}}

            class Orders(unittest.TestCase):
                def setUp(self):
                    self.sfn = SfnSync()
                    self.sfn.__enter__()
                    self.addCleanup(lambda: self.sfn.__exit__(None, None, None))

                def test_a_machine(self):
                    self.assertEqual(orders.place(self.sfn.register("orders", {PASS}).arn), "SUCCEEDED")

                def test_a_throttle(self):
                    self.sfn.inject_error("ThrottlingException", times=None)
                    with self.sfn.raises("ThrottlingException"):
                        orders.place("a")

                def test_a_mock_that_is_missing(self):
                    machine = self.sfn.register("orders", {{"StartAt": "T", "States": {{"T": TASK}}}})
                    with self.assertRaises(UnmockedTaskError):
                        orders.place(machine.arn)
                    self.sfn.usage_errors.clear()
            """
        ),
        encoding="utf-8",
    )
    ran = run(["-m", "unittest", "test_orders"], tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "Ran 3 tests" in ran.stderr


def test_a_run_of_pytest_within_the_process_answers_clients_that_exist(tmp_path: Path) -> None:
    (tmp_path / "test_orders.py").write_text(
        "from __main__ import client\n"
        "def test_orders(sfn_sync):\n"
        f"    arn = sfn_sync.register('orders', {PASS}).arn\n"
        "    assert client.start_sync_execution(stateMachineArn=arn)['status'] == 'SUCCEEDED'\n",
        encoding="utf-8",
    )
    script = f"""
        import boto3, pytest
        client = boto3.client("stepfunctions", {SETTINGS})
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # others warn on stderr
        pytest.main(["-q", "-p", "pytest_sfn_sync.plugin", "-p", "no:cacheprovider", "test_orders.py"])
    """
    assert "1 passed" in output_of(script, tmp_path)


def test_where_botocore_comes_later_there_is_nothing_to_look_for(tmp_path: Path) -> None:
    script = f"""
import gc
gc.get_objects = None
import pytest_sfn_sync
with pytest_sfn_sync.SfnSync(): pass
import boto3
client = boto3.client("stepfunctions", {SETTINGS})
"""
    assert output_of(script + answered(), tmp_path) == "SUCCEEDED\n"

"""The region of machines without one: the same that a client without arguments gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest

from pytest_sfn_sync import SfnSync
from pytest_sfn_sync.fake.configured_region import configured_region
from pytest_sfn_sync.tasks.made_clients import NO_CREDENTIALS
from tests.machines import PASS
from tests.plugin.projects import without_aws_configuration


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    without_aws_configuration(monkeypatch, tmp_path)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


CASES = [
    pytest.param({}, "", "", None, id="nothing"),
    pytest.param({"AWS_DEFAULT_REGION": "eu-west-1"}, "[default]\nregion = eu-west-2", "", "eu-west-1", id="variable"),
    pytest.param({"AWS_REGION": "eu-west-1"}, "", "", None, id="a variable that botocore does not read"),
    pytest.param({"AWS_DEFAULT_REGION": "local"}, "", "", "local", id="a region of DynamoDB Local"),
    pytest.param({}, "[default]\nregion = eu-west-2", "", "eu-west-2", id="config file"),
    pytest.param({}, "[profile default]\nregion=eu-west-2", "", "eu-west-2", id="the default as a named profile"),
    pytest.param({}, "", "[default]\nregion = eu-west-3", "eu-west-3", id="credentials file"),
    pytest.param(
        {}, "[default]\nregion = eu-west-2", "[default]\nregion = eu-west-3", "eu-west-3", id="both files have one"
    ),
    pytest.param(
        {"AWS_PROFILE": "dev"},
        "[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-2",
        "",
        "eu-west-2",
        id="a profile",
    ),
    pytest.param(
        {"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "test"},
        "[profile dev]\nregion = eu-west-2\n[profile test]\nregion = eu-west-3",
        "",
        "eu-west-3",
        id="two variables for the profile",
    ),
    pytest.param(
        {"AWS_PROFILE": "my dev"}, '[profile "my dev"]\nregion = eu-west-2', "", "eu-west-2", id="a name with a space"
    ),
    pytest.param(
        {"AWS_PROFILE": "dev"},
        "[profile dev]\noutput = json\n[dev]\nregion = eu-west-2",
        "",
        None,
        id="a section that is no profile",
    ),
    pytest.param({}, "[profile 'dev]\nregion = eu-west-2", "", None, id="a quote that is not closed"),
]


@pytest.mark.parametrize(("variables", "config", "credentials", "region"), CASES)
def test_the_region_is_that_of_botocore(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    config: str,
    credentials: str,
    region: str | None,
) -> None:
    (home / "config").write_text(config, encoding="utf-8")
    (home / "credentials").write_text(credentials, encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if "'dev]" not in config:  # botocore refuses that file
        assert botocore.session.Session().get_config_variable("region") == region
    assert configured_region() == region


@pytest.mark.parametrize("text", [pytest.param("region", id="no section"), pytest.param("[default", id="no end")])
def test_a_file_that_botocore_refuses_has_no_region(home: Path, text: str) -> None:
    (home / "config").write_text(text, encoding="utf-8")
    assert configured_region() is None


def test_a_file_is_read_again_after_a_change(home: Path) -> None:
    (home / "config").write_text("[default]\nregion = eu-west-1", encoding="utf-8")
    assert configured_region() == "eu-west-1"
    (home / "config").write_text("[default]\nregion = eu-central-1", encoding="utf-8")
    assert configured_region() == "eu-central-1"


def test_the_default_session_of_boto3_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    boto3.setup_default_session()
    assert configured_region() == "eu-west-1"
    boto3.setup_default_session(region_name="eu-west-3")
    assert configured_region() == boto3.client("s3", **NO_CREDENTIALS).meta.region_name == "eu-west-3"


def test_the_profile_of_the_default_session_is_used(home: Path) -> None:
    (home / "config").write_text("[profile dev]\nregion = eu-west-2", encoding="utf-8")
    boto3.setup_default_session(profile_name="dev")
    assert configured_region() == boto3.client("s3", **NO_CREDENTIALS).meta.region_name == "eu-west-2"


def test_machines_placeholders_and_clients_are_in_the_configured_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    definition = {"StartAt": "Region", "States": {"Region": {"Type": "Pass", "Result": "${AWS::Region}", "End": True}}}
    with SfnSync() as sfn:
        machine = sfn.register("orders", definition, substitutions={})
        assert machine.arn == "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
        assert sfn.client().meta.region_name == "eu-west-1"
        response = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=machine.arn)
    assert json.loads(response["output"]) == "eu-west-1"


@pytest.mark.parametrize(
    ("configured", "options", "region"),
    [
        pytest.param("eu-west-1", {"region": "eu-west-3"}, "eu-west-3", id="the option wins"),
        pytest.param(None, {}, "us-east-1", id="no region is configured"),
        pytest.param("cn-north-1", {}, "cn-north-1", id="another partition"),
    ],
)
def test_the_region_of_a_fake(
    monkeypatch: pytest.MonkeyPatch, configured: str | None, options: dict[str, Any], region: str
) -> None:
    if configured is not None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", configured)
    with SfnSync(**options) as sfn:
        machine = sfn.register("orders", PASS)
    assert machine.arn.split(":")[1:4] == ["aws-cn" if region.startswith("cn") else "aws", "states", region]


def test_the_region_follows_from_fake_to_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    regions = []
    for region in ("eu-west-1", "eu-west-2"):
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        with SfnSync() as sfn:
            regions.append(sfn.register("orders", PASS).region)
    assert regions == ["eu-west-1", "eu-west-2"]

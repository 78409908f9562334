"""The shapes of integrations that no service model has: ``lambda:invoke``, ``http:invoke``, ``eks:call``, ...

Recorded: results. Documented: the parameters in the developer guide. ``lambda:invoke`` is complete here and needs no
model. A request that is similar to an operation's uses the operation's model, with the documented differences: members
that it has in addition, and members that it lacks. Assumption: which of the documented parameters are required, if the
guide does not say it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pytest_sfn_sync.asl.fields.field_reader import ALLOWED_VALUES
from pytest_sfn_sync.tasks.integrations.java_names import optimized_member
from pytest_sfn_sync.tasks.integrations.service_models import Shape, service_model, shape_named
from pytest_sfn_sync.tasks.resources import API_GATEWAY_INVOKE, EKS_CALL, HTTP_INVOKE, LAMBDA_INVOKE


def _structure(*, required: str = "", **members: str) -> dict[str, Any]:
    return {"type": "structure", "written": True, "members": _members(members), "required": required.split()}


def _members(shapes: dict[str, str]) -> dict[str, Any]:
    return {name: {"shape": shape} for name, shape in shapes.items()}


def _words(field: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(ALLOWED_VALUES[field])}


_SHAPES: Final[dict[str, dict[str, Any]]] = {
    "Any": {"type": "any"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Integer": {"type": "integer"},
    "ApiMethod": _words("apigateway:invoke.Method"),
    "ApiAuthType": _words("apigateway:invoke.AuthType"),
    "HttpMethod": _words("http:invoke.Method"),
    "HttpBodyEncoding": _words("http:invoke.Transform.RequestBodyEncoding"),
    "HttpArrayFormat": _words("http:invoke.Transform.RequestEncodingOptions.ArrayFormat"),
    "EksMethod": _words("eks:call.Method"),
    "Anys": {"type": "list", "member": {"shape": "Any"}},
    "Strings": {"type": "list", "member": {"shape": "String"}},
    "StringLists": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "Strings"}},
    "Headers": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "Any"}},
    "InvocationResponse": _structure(
        StatusCode="Integer", FunctionError="String", LogResult="String", Payload="Any", ExecutedVersion="String"
    ),
    "InvocationRequest": _structure(
        required="FunctionName",
        FunctionName="String",
        Payload="Any",
        InvocationType="String",
        Qualifier="String",
        ClientContext="String",
        LogType="String",
    ),
    "ApiGatewayRequest": _structure(
        required="ApiEndpoint Method",
        ApiEndpoint="String",
        Method="ApiMethod",
        Headers="StringLists",
        Stage="String",
        Path="String",
        QueryParameters="Headers",
        RequestBody="Any",
        AllowNullValues="Boolean",
        AuthType="ApiAuthType",
    ),
    "HttpRequest": _structure(
        required="ApiEndpoint Method",
        ApiEndpoint="String",
        Method="HttpMethod",
        Authentication="HttpConnection",
        InvocationConfig="HttpConnection",
        Headers="Headers",
        QueryParameters="Headers",
        RequestBody="Any",
        Transform="HttpTransform",
    ),
    "HttpConnection": _structure(ConnectionArn="String"),
    "HttpTransform": _structure(RequestBodyEncoding="HttpBodyEncoding", RequestEncodingOptions="HttpEncodingOptions"),
    "HttpEncodingOptions": _structure(ArrayFormat="HttpArrayFormat"),
    "EksRequest": _structure(
        required="ClusterName CertificateAuthority Endpoint Method Path",
        ClusterName="String",
        CertificateAuthority="String",
        Endpoint="String",
        Method="EksMethod",
        Path="String",
        QueryParameters="StringLists",
        RequestBody="Any",
    ),
    "EksJobRequest": _structure(
        required="ClusterName CertificateAuthority Endpoint Job",
        ClusterName="String",
        CertificateAuthority="String",
        Endpoint="String",
        Namespace="String",
        Job="Any",
        LogOptions="EksLogOptions",
    ),
    "EksLogOptions": _structure(RetrieveLogs="Boolean", RawLogs="Boolean", LogParameters="StringLists"),
    "S3Place": _structure(S3Uri="String"),
    "HarnessRequest": _structure(
        required="HarnessArn RuntimeSessionId Messages",
        HarnessArn="String",
        RuntimeSessionId="String",
        Messages="Anys",
        Model="Any",
        SystemPrompt="Any",
        Tools="Anys",
        Skills="Anys",
        AllowedTools="Anys",
        MaxIterations="Integer",
        MaxTokens="Integer",
        TimeoutSeconds="Integer",
        ActorId="String",
    ),
    "HarnessContent": _structure(Text="String"),
    "HarnessContents": {"type": "list", "member": {"shape": "HarnessContent"}},
    "HarnessMessage": _structure(Role="String", Content="HarnessContents"),
    "HarnessOutput": _structure(Message="HarnessMessage"),
    "HarnessUsage": _structure(InputTokens="Integer", OutputTokens="Integer", TotalTokens="Integer"),
    "HarnessMetrics": _structure(LatencyMs="Integer"),
    "HarnessResponse": _structure(
        Output="HarnessOutput", StopReason="String", Usage="HarnessUsage", Metrics="HarnessMetrics"
    ),
    "HttpResponse": _structure(Headers="Headers", ResponseBody="Any", StatusCode="Integer", StatusText="String"),
}

INVOKE_MEMBERS: Final = frozenset(_SHAPES["InvocationRequest"]["members"])
"""The names of the parameters of ``lambda:invoke``, as a set, because they are looked up at every call."""

_INPUTS: Final = {
    LAMBDA_INVOKE: "InvocationRequest",
    API_GATEWAY_INVOKE: "ApiGatewayRequest",
    # Documented: the members. Assumption: the required ones are those of botocore's operation.
    "bedrockagentcore:invokeHarness": "HarnessRequest",
    EKS_CALL: "EksRequest",
    "eks:runJob": "EksJobRequest",
    HTTP_INVOKE: "HttpRequest",
}
_OUTPUTS: Final = {
    LAMBDA_INVOKE: "InvocationResponse",
    "bedrockagentcore:invokeHarness": "HarnessResponse",
    API_GATEWAY_INVOKE: "HttpResponse",
    HTTP_INVOKE: "HttpResponse",
}
_known: Final[dict[str, Shape]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _OverModel:
    """A request that uses the model of one of botocore's services.

    If an ``operation`` is similar, the request has its members except for the ``unsupported`` ones, and also
    ``members``, each with its shape. Without an operation, it has the documented members and no others.
    """

    service: str
    operation: str | None = None
    members: dict[str, str] = field(default_factory=dict)
    required: str = ""
    unsupported: str = ""

    def shape(self) -> Shape:
        """Return the shape of the request; the service's model is read."""
        changes: dict[str, Any] = {"members": _members(self.members), "unsupported": self.unsupported.split()}
        if self.operation is None:
            changes |= {"written": True, "required": self.required.split()}
        return service_model(self.service).shape_like(self.operation, changes, _SHAPES, optimized_member)


_OF_CLUSTER: Final = {"ClusterId": "String"}
_OVER_MODELS: Final = {
    "bedrock:invokeModel": _OverModel(
        service="bedrock-runtime", operation="InvokeModel", members={"Input": "S3Place", "Output": "S3Place"}
    ),
    "bedrock:createModelCustomizationJob": _OverModel(service="bedrock", operation="CreateModelCustomizationJob"),
    # Measured: both are refused with .sync, because Step Functions runs one task and marks it with its own name.
    "ecs:runTask.sync": _OverModel(service="ecs", operation="RunTask", unsupported="Count StartedBy"),
    "elasticmapreduce:createCluster": _OverModel(
        service="emr",
        operation="RunJobFlow",
        unsupported="AdditionalInfo AmiVersion NewSupportedProducts Steps SupportedProducts",
    ),
    "elasticmapreduce:setClusterTerminationProtection": _OverModel(
        service="emr", members={**_OF_CLUSTER, "TerminationProtected": "Boolean"}, required="ClusterId"
    ),
    "elasticmapreduce:terminateCluster": _OverModel(service="emr", members=_OF_CLUSTER, required="ClusterId"),
    "elasticmapreduce:addStep": _OverModel(
        service="emr",
        members={**_OF_CLUSTER, "Step": "StepConfig", "ExecutionRoleArn": "String"},
        required="ClusterId Step",
    ),
    "elasticmapreduce:cancelStep": _OverModel(
        service="emr", members={**_OF_CLUSTER, "StepId": "String"}, required="ClusterId StepId"
    ),
    "elasticmapreduce:modifyInstanceFleetByName": _OverModel(
        service="emr",
        members={**_OF_CLUSTER, "InstanceFleetName": "String", "InstanceFleet": "InstanceFleetModifyConfig"},
        required="ClusterId InstanceFleetName InstanceFleet",
    ),
    "elasticmapreduce:modifyInstanceGroupByName": _OverModel(
        service="emr",
        members={**_OF_CLUSTER, "InstanceGroupName": "String", "InstanceGroup": "InstanceGroupModifyConfig"},
        required="ClusterId InstanceGroupName InstanceGroup",
    ),
}
"""The documented request by the key of an optimized integration that is not an operation of its service."""


def written_shape(key: str, part: str) -> Shape | None:
    """Return the shape of a resource's ``input`` or ``output``; None if this module has none."""
    if part == "input" and key in _OVER_MODELS:
        return _OVER_MODELS[key].shape()
    name = (_INPUTS if part == "input" else _OUTPUTS).get(key)
    return None if name is None else shape_named(name, _SHAPES, optimized_member, _known)

"""The shapes of integrations that no service model has: ``lambda:invoke``, ``apigateway:invoke``, ``http:invoke``, ...

Sources: recorded results; the developer guide's parameters. Written here, ``lambda:invoke`` needs no model at all.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_sfn_sync.tasks.integrations.java_names import optimized_member
from pytest_sfn_sync.tasks.integrations.service_models import Shape, shape_named


def _structure(**members: str) -> dict[str, Any]:
    return {"type": "structure", "members": {name: {"shape": shape} for name, shape in members.items()}}


_SHAPES: Final[dict[str, dict[str, Any]]] = {
    "Any": {"type": "any"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Integer": {"type": "integer"},
    "Anys": {"type": "list", "member": {"shape": "Any"}},
    "Strings": {"type": "list", "member": {"shape": "String"}},
    "StringLists": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "Strings"}},
    "Headers": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "Any"}},
    "InvocationResponse": _structure(
        StatusCode="Integer", FunctionError="String", LogResult="String", Payload="Any", ExecutedVersion="String"
    ),
    "ApiGatewayRequest": _structure(
        ApiEndpoint="String",
        Method="String",
        Headers="StringLists",
        Stage="String",
        Path="String",
        QueryParameters="Headers",
        RequestBody="Any",
        AllowNullValues="Boolean",
        AuthType="String",
    )
    | {"required": ["ApiEndpoint", "Method"]},
    "HttpRequest": _structure(
        ApiEndpoint="String",
        Method="String",
        Authentication="Any",
        InvocationConfig="Any",
        Headers="Headers",
        QueryParameters="Headers",
        RequestBody="Any",
        Transform="Any",
    )
    | {"required": ["ApiEndpoint", "Method"]},
    "HarnessRequest": _structure(
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
    )
    | {"required": ["HarnessArn", "RuntimeSessionId", "Messages"]},
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

INVOKE_MEMBERS: Final = frozenset(
    {"ClientContext", "FunctionName", "InvocationType", "LogType", "Payload", "Qualifier"}
)
"""What the parameters of ``lambda:invoke`` can have: a set of its own, as this is asked at every call."""

_INPUTS: Final = {
    "apigateway:invoke": "ApiGatewayRequest",
    # Documented; the required members are those of botocore's operation (assumption).
    "bedrockagentcore:invokeHarness": "HarnessRequest",
    "http:invoke": "HttpRequest",
}
_OUTPUTS: Final = {
    "lambda:invoke": "InvocationResponse",
    "bedrockagentcore:invokeHarness": "HarnessResponse",
    "apigateway:invoke": "HttpResponse",
    "http:invoke": "HttpResponse",
}
_known: Final[dict[str, Shape]] = {}


def written_shape(key: str, part: str) -> Shape | None:
    """Give the shape of a resource's ``input`` or ``output``; None where none is written here."""
    name = (_INPUTS if part == "input" else _OUTPUTS).get(key)
    return None if name is None else shape_named(name, _SHAPES, optimized_member, _known)

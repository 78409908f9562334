"""What is known of the real definitions besides the verdicts that they come with: wrong ones, diagnoses, outcomes.

A list that stops being true fails the suite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from pytest_sfn_sync.tasks.integrations.service_models import sdk_services


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why it is right to refuse a definition, and a part of every fault that it is refused for."""

    reason: str
    fault: str


Told = TypeVar("Told", str, Refusal)


def _in(folder: str, told: dict[str, Told]) -> dict[str, Told]:
    return {f"{folder}{name}": value for name, value in told.items()}


_COLLECTION: Final = "aws-samples/step-functions-workflows-collection:"
_LANGUAGE_SERVICE: Final = "aws/amazon-states-language-service:src/tests/json-strings/validationStrings.ts#"
_STATELINT: Final = "awslabs/statelint:test/"
_ASL_VALIDATOR: Final = "ChristopheBougere/asl-validator:src/__tests__/definitions/"
_LOCALSTACK: Final = "localstack/localstack:tests/aws/services/stepfunctions/templates/"
_PYPI_STATELINT: Final = "taro-kayo/statelint:tests/"
_AWS_LOCAL: Final = "nibble-4bits/aws-local-stepfunctions:__tests__/"

_PATH: Final = "must be a valid JSONPath or a valid intrinsic function call"
_NOT_KNOWN: Final = "is not recognized"

_NO_ARN: Final = Refusal(
    "its Resource is foo:bar, legal by the text of the specification; AWS takes nothing but ARNs (measured)",
    fault="Value is not a valid resource ARN",
)

REFUSED_THOUGH_MARKED_VALID: Final[dict[str, Refusal]] = {
    "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws:"
    "patterns/pattern-1/statemachine/workflow.asl.json": Refusal(
        "as filled in, its Condition reads the bare name IsSummarizationEnabled; the template has true or false there",
        fault="Reference to 'IsSummarizationEnabled' at the top level is not supported",
    ),
    **_in(_STATELINT, {
        "backoff-with-backoffrate-decimal.json": _NO_ARN,
        "backoff-with-backoffrate-integer.json": _NO_ARN,
        "backoff-with-jitter-on-retry.json": _NO_ARN,
        "states-encoding-decoding-intrinsic-functions.json": _NO_ARN,
        "states-format-invocation.json": _NO_ARN,
        "states-json-intrinsic-functions.json": _NO_ARN,
        "states-jsontostring-invocation.json": _NO_ARN,
        "states-string-intrinsic-functions.json": _NO_ARN,
        "task-with-dynamic-timeouts.json": _NO_ARN,
        "task-with-parameters.json": _NO_ARN,
        "task-with-resultpath.json": _NO_ARN,
        "task-with-resultselector.json": _NO_ARN,
    }),
    f"{_PYPI_STATELINT}data/jsonata-3.json": _NO_ARN,
    f"{_ASL_VALIDATOR}valid-map-with-item-batcher-jsonata.json": Refusal(
        "it has a JSONPath state in a JSONata machine, which AWS refuses (measured)",
        fault="'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    ),
    f"{_ASL_VALIDATOR}valid-task-parameters.json": Refusal(
        "its Resource is an ARN of swf, taken from an example of the specification; no resource of Step Functions",
        fault="The resource provided arn:aws:swf:",
    ),
    f"{_LOCALSTACK}services/statemachines/lambda_list_functions.json5": Refusal(
        "there is no optimized integration lambda:listFunctions; AWS refuses dynamodb:query alike (recorded)",
        fault="The resource provided arn:aws:states:::lambda:listFunctions is not recognized",
    ),
}  # fmt: skip
"""Definitions that are rightly refused, though whoever published them holds them to be valid."""

ACCEPTED_THOUGH_MARKED_INVALID: Final[dict[str, str]] = {}
"""Definitions that are rightly accepted, though a validator of somebody's refuses them."""

VALIDITY_GAPS: Final[dict[str, str]] = {}
"""Definitions that are judged otherwise than AWS would judge them."""

DIAGNOSES: Final[dict[str, str]] = {
    f"{_COLLECTION}shared-fallback-state-jsonata/statemachine/statemachine.asl.json": (
        "Expected value of type Object at /States/QueryLanguage"
    ),
    **_in(_LANGUAGE_SERVICE, {
        "documentChoiceInvalidNext@754": "Missing 'Next' target: La at",
        "documentDistributedMapInvalidNextInNestedState@6": "Missing 'Next' target: StateThatDoesNotExist at",
        "documentFailCauseAndCausePathInvalid@1958": "only be one of the following fields: [Cause, CausePath]",
        "documentFailErrorPathAndCausePathJsonPathInvalid@1893": _PATH,
        "documentFailErrorPathJsonPathInvalid@1906": _PATH,
        "documentInvalidFailWithAssign@2407": "Field 'Assign' is not supported",
        "documentInvalidNext@99": "Missing 'Next' target: Next at",
        "documentInvalidParametersIntrinsicFunction@1217": _PATH,
        "documentInvalidParametersJsonPath@1164": _PATH,
        "documentInvalidPropertiesChoices@1018": "Field 'FirstInvalidProp' is not supported",
        "documentInvalidPropertiesRoot@1099": "Field 'NewTopLevelField' is not supported at /",
        "documentInvalidPropertiesRootNested@1112": "Field 'InvalidProp' is not supported at /States/Map/Iterator",
        "documentInvalidPropertiesState@928": "Field 'SomethingInvalid1' is not supported",
        "documentInvalidResultSelectorJsonPath@1579": _PATH,
        "documentStartAtNestedInvalid@55": "Missing 'Next' target: Loo at",
        "documentTaskJSONataInvalid@2131": "Value should be one of the following: [JSONPath, JSONata]",
    }),
    "aws/amazon-states-language-service:src/tests/json-strings/variableStrings.ts#"
    "documentWithAssignAndCatchInvalidJson@44": "These fields are required: [Next] at /States/Lambda2/Catch[0]",
    **_in(_STATELINT, {
        "backoff-with-backoffrate-negative.json": "Minimum value is 1.0 at /States/p/Retry[0]/BackoffRate",
        "choice-with-resultselector.json": "Field 'ResultSelector' is not supported",
        "empty-error-equals-on-catch.json": "Value cannot be empty at /States/p/Catch[0]/ErrorEquals",
        "empty-error-equals-on-retry.json": "Value cannot be empty at /States/p/Retry[0]/ErrorEquals",
        "fail-with-resultpath.json": "Field 'ResultPath' is not supported",
        "fail-with-resultselector.json": "Field 'ResultSelector' is not supported",
        "fail-with-static-and-dynamic-cause.json": "only be one of the following fields: [Cause, CausePath]",
        "has-dupes.json": "DUPLICATE_STATE_NAME",
        "invalid-backoff-with-jitter-on-retry.json": "at /States/p/Retry[0]/MaxDelaySeconds",
        "map-with-parameters-and-itemselector.json": "only be one of the following fields: [ItemSelector, Parameters]",
        "no-terminal.json": "MISSING_END_STATE",
        "parameter-path-problems.json": _PATH,
        # Meant is the space before the intrinsic; whether AWS minds that nobody has measured.
        "states-array-invocation-leftpad.json": _NO_ARN.fault,
        "succeed-with-parameters.json": "Field 'Parameters' is not supported",
        "succeed-with-resultpath.json": "Field 'ResultPath' is not supported",
        "succeed-with-resultselector.json": "Field 'ResultSelector' is not supported",
        "task-with-static-and-dynamic-timeout.json": "[TimeoutSeconds, TimeoutSecondsPath]",
        "wait-with-parameters.json": "Field 'Parameters' is not supported",
        "wait-with-resultselector.json": "Field 'ResultSelector' is not supported",
    }),
    **_in(_ASL_VALIDATOR, {
        "invalid-assign.asl.json": "at /States/ProvideTestData/Assign",
        "invalid-cfn-definition-substitutions.json": _NO_ARN.fault,
        "invalid-choice-state.json": "These fields are required: [Next] at /States/ChoiceState/Choices[0]",
        "invalid-dupe-fields.asl.json": "'conflict.$'",
        "invalid-duplicate-fields-nested.json": "'type.$'",
        "invalid-error-equals-type.json": "Expected value of type String at /States/Testing/Catch[0]/ErrorEquals",
        "invalid-exercise-ajv-additional-properties.asl.json": "Field 'bugInputPath' is not supported",
        "invalid-exercise-ajv.asl.json": "at /States/PassState/InputPath",
        "invalid-json-path.json": "Value is not a Reference Path",
        "invalid-jsonata-path-fields.asl.json": "field 'OutputPath' is only supported for the 'JSONPath'",
        "invalid-jsonata-surround-syntax-no-close.json": "JSONata string must start with {% and end with %}",
        "invalid-jsonata-syntax-arithmetic.json": "INVALID_JSONATA_EXPRESSION",
        "invalid-jsonata-syntax-mismatched-parens.json": "INVALID_JSONATA_EXPRESSION",
        "invalid-map-distributed.asl.json": "only be one of the following fields: [MaxItems, MaxItemsPath]",
        "invalid-map-item-batcher-dupe-subfields.json": "[MaxItemsPerBatch, MaxItemsPerBatchPath]",
        "invalid-map-items.asl.json": "field 'ItemsPath' is only supported for the 'JSONPath'",
        "invalid-map-ob-link.json": "Missing 'Next' target: Final State at",
        "invalid-missing-terminal-map.json": "should have only one of the following fields: [Next, End]",
        "invalid-missing-terminal-parallel.json": "should have only one of the following fields: [Next, End]",
        "invalid-next-with-end.json": "should only be one of the following fields: [Next, End]",
        "invalid-parallel-branch-type.json": "Expected value of type Object at /States/A/Branches[0]",
        "invalid-parallel-missing-branches.json": "These fields are required: [Branches]",
        "invalid-parallel-ob-link.json": "Missing 'Next' target: Final State at",
        "invalid-state-name-too-long.json": "INVALID_STATE_NAME",
        "invalid-task-credentials-object.json": "The field 'RoleArn' is required but was missing",
        "invalid-unreachable-state.json": 'State "Finished Choice" is not reachable.',
        "invalid-variable-result-path.json": "Value is not a Reference Path",
        "invalid-wait-duration.json": "[SecondsPath, Seconds, TimestampPath, Timestamp]",
    }),
    "guyernest/step-functions-agent:step-functions/dynamic-sql-agent-template.json": (
        "Expected value of type Array at /States/For Each Tool/Items"
    ),
    "guyernest/step-functions-agent:step-functions/web-search-agent.json": _PATH,
    **_in(_LOCALSTACK, {
        "assign/statemachines/task_retry_reference_exception.json5": "Expected value of type Integer at",
        "credentials/statemachines/empty_credentials.json5": "The field 'RoleArn' is required but was missing",
        "credentials/statemachines/invalid_credentials_field.json5": "The field 'RoleArn' is required but was missing",
        "scenarios/statemachines/escape_sequences_illegal_intrinsic_function_2.json5": _PATH,
        "scenarios/statemachines/map_state_label_invalid_char_fail.json5": "at /States/MapState/Label",
        "scenarios/statemachines/map_state_label_too_long_fail.json5": "at /States/MapState/Label",
        "services/statemachines/invalid_integration_dynamodb_query.json5": _NOT_KNOWN,
        "test_state/statemachines/base_invalid_state_definition.json5": "The field 'Type' should have one of",
    }),
    f"{_PYPI_STATELINT}data/invalid-jsonata-3.json": "field 'Output' is only supported for the 'JSONata'",
}  # fmt: skip
"""By definition that is marked invalid: a part of the diagnosis that says what is wrong with it."""

_FAILS: Final = "it ends in a Fail state"
_NOT_ASSIGNED: Final = "it reads a variable that is not assigned"
_CONTEXT: Final = "it reads what the context object does not have"
_ARRAY: Final = "its ResultSelector asks an array for a member"
_ITEM: Final = "not generated: a whole item of DynamoDB made by a function"
_UNKNOWN: Final = "not generated: the results of an action that this botocore does not know"
_ARRAYS: Final = "not generated: an array of arrays, for a Map in a Map"

ENDS_WITHOUT_SUCCESS: Final[dict[str, str]] = {
    "aws-samples/aws-stepfunctions-examples:sam/app-s3-athena-dataprocessing/statemachines/"
    "execute_athena_query.asl.json": "as filled in, its template for States.Format has no {}",
    **_in(_COLLECTION, {
        "account-vending-machine/statemachine/statemachine.asl.json": (
            "not generated: a task that fails at first, as only its Catch leads on"
        ),
        "bedrock-evaluations-sam/template.yaml#KnowledgeBaseEvaluations": "it waits for longer than five minutes",
        "calling-async-api-callback/statemachine/workflow_AsyncAPICallbackPattern.asl.json": (
            "as filled in, its resource lacks .waitForTaskToken, and so the context object Task.Token"
        ),
        "distributed-data-stream-aggregator/statemachine/data-processing-child.asl.json": (
            "as filled in, the ApiEndpoint of its HTTP task does not begin with https://"
        ),
        "dynamodb-migrations/statemachine/statemachine.asl.json": _ITEM,
        "dynamodb-transfer/statemachine/statemachine.asl.json": _ITEM,
        "parallel-translate/statemachine/statemachine.asl.yaml": (
            "not generated: tasks of one integration that each answer in another language"
        ),
        **({} if "lookoutvision" in sdk_services() else {
            "lookout-for-vision-inference-sam/statemachine/statemachine.asl.json": _UNKNOWN,
        }),
        "parallelized-embedding-pipeline/example-workflow.json#definition": (
            "it reads $.Bucket, where lambda:invoke gives $.Payload.Bucket"
        ),
        "textract-analyze-expense-tf/statemachine/statemachine.asl.json": (
            "not generated: a member of a member that a filter compares with one word after another"
        ),
        "tts-converter/template.yaml#TTSStateMachine": (
            "it reads $.TaskStatus, where polly:getSpeechSynthesisTask gives $.SynthesisTask.TaskStatus"
        ),
    }),
    **_in(_LANGUAGE_SERVICE, {
        "documentChoiceNextBeforeChoice@909": _FAILS,
        "documentChoiceWaitJSONata@2244": "its Condition is $states, which is no boolean",
        "documentFailErrorAndCausePathValid@1841": _FAILS,
        "documentFailErrorAndCauseValid@1743": _FAILS,
        "documentFailErrorAndNoCauseValid@1756": _FAILS,
        "documentFailErrorPathAndCausePathContextValid@1854": _FAILS,
        "documentFailErrorPathAndCausePathIntrinsicNestedValid@1880": _FAILS,
        "documentFailErrorPathAndCausePathIntrinsicValid@1867": _FAILS,
        "documentFailErrorPathAndCausePathValid@1791": _FAILS,
        "documentFailErrorPathAndNoCauseValid@1804": _FAILS,
        "documentFailNoErrorAndCausePathValid@1816": _FAILS,
    }),
    **_in(_STATELINT, {
        "choice-with-context-object.json": _CONTEXT,
        "fail-with-error-and-cause-path-using-intrinsic-functions.json": _FAILS,
        "map-with-resultselector.json": _ARRAY,
        "parallel-with-resultselector.json": _ARRAY,
        "pass-with-io-path-context-object.json": _CONTEXT,
        "task-with-resultselector.json": _CONTEXT,
    }),
    **_in(_ASL_VALIDATOR, {
        "valid-fail.json": _FAILS,
        "valid-map-nested.json": _ARRAYS,
        "valid-parallel-with-catch.json": _FAILS,
        "valid-pass-negativeIndex.json": "Jayway 2.0.0 knows no negative index",
    }),
    "getmoto/moto:tests/test_stepfunctions/parser/templates/failure.json": _FAILS,
    **_in("guyernest/step-functions-agent:docs/architecture/", {
        "UNIFIED_LLM_RUST_AMPLIFY_ARCHITECTURE.md": _UNKNOWN,
        "UNIFIED_LLM_RUST_AMPLIFY_ARCHITECTURE.md~2": _UNKNOWN,
    }),
    **_in(_LOCALSTACK, {
        "assign/statemachines/base_reference_in_fail.json5": _FAILS,
        "assign/statemachines/base_undefined_arguments.json5": _NOT_ASSIGNED,
        "assign/statemachines/base_undefined_arguments_field.json5": _NOT_ASSIGNED,
        "assign/statemachines/base_undefined_assign.json5": _NOT_ASSIGNED,
        "assign/statemachines/base_undefined_output.json5": _NOT_ASSIGNED,
        "assign/statemachines/base_undefined_output_multiple_states.json5": _NOT_ASSIGNED,
        "base/statemachines/raise_empty_failure.json5": _FAILS,
        "context_object/statemachines/context_object_error_cause_path.json5": _FAILS,
        "scenarios/statemachines/fail_cause_jsonata.json5": _FAILS,
        "scenarios/statemachines/fail_error_jsonata.json5": _FAILS,
        "scenarios/statemachines/invalid_jsonpath_in_errorpath.json5": _FAILS,
        "scenarios/statemachines/map_state_break_condition_legacy.json5": _FAILS,
        "scenarios/statemachines/map_state_catch_empty_fail.json5": _FAILS,
        "scenarios/statemachines/map_state_items_variable.json5": "its Items is a text, to be filled in by a test",
        "scenarios/statemachines/map_state_nested.json5": _ARRAYS,
        "statevariables/statemachines/map_catch_error_output_with_retry.json5": _NOT_ASSIGNED,
        "statevariables/statemachines/parallel_catch_error_variable_sampling.json5": _NOT_ASSIGNED,
        "test_state/statemachines/base_multi_state_machine.json5": _FAILS,
    }),
    **_in("ministackorg/ministack:tests/test_stepfunctions.py#", {
        "test_sfn_fail_state@4149": _FAILS,
        "test_sfn_intrinsic_nested@699": "its template for States.Format has braces that are not escaped",
        "test_sfn_jsonata_undefined_variable_raises_query_eval_error@7241": _NOT_ASSIGNED,
    }),
    **_in(_AWS_LOCAL, {
        "stateActions/ParallelStateAction.test.ts#Parallel State > should throw an error if a single branch fails > "
        "definition@136": _FAILS,
        "StateMachine.test.ts#State Machine > run() > should throw an `ExecutionError` if execution fails > "
        "machineDefinition@174": _FAILS,
        "StateMachine.test.ts#State Machine > run() > should throw an `ExecutionTimeoutError` error if execution times "
        "out > machineDefinition@154": "it waits for longer than its TimeoutSeconds",
    }),
    **_in(_PYPI_STATELINT, {
        "data/jsonata-1.json": "its second state reads the input of the first, and is given the output",
        "test_map_state.py#test_max_concurrency@555": _FAILS,
        "test_map_state.py#test_ok_min@31": _CONTEXT,
        "test_parallel_state.py#test_ok@5": _FAILS,
        "test_pass_state.py#test_ok_next@5": _FAILS,
    }),
}  # fmt: skip
"""Definitions whose runs never succeed with a generated input, each with the reason why that is right."""

NOT_RUN: Final[dict[str, str]] = {
    f"{_ASL_VALIDATOR}valid-map-noconfig.asl.json": "its inline Map has a reader; what AWS makes of it is unknown",
}
"""Definitions that are accepted and that this fake does not run."""

RUN_GAPS: Final[dict[str, str]] = {}
"""Definitions whose runs would succeed on AWS."""

TOO_LARGE: Final[dict[str, str]] = {
    "aws-samples/aws-stepfunctions-examples:sam/demo-manage-glue-crawlers-with-step-functions/template.yaml#"
    "StateMachineCreateDataset": "it calls tens of thousands of tasks, whatever it is given",
}
"""Definitions that are run once only, as a run takes seconds."""

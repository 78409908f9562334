"""The part of the fake that answers tasks: mocks of states, of Lambda functions and of other integrations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.tasks.handlers import imported_handler
from pytest_sfn_sync.tasks.live_clients import LiveClients
from pytest_sfn_sync.tasks.mock_config.config_reading import MockConfigSource, read_mock_config
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.mock_targets import FunctionTarget, ResourceTarget, StateTarget
from pytest_sfn_sync.tasks.mocks import TaskMock


class TaskMocking:
    """What `SfnSync` offers for mocking tasks."""

    _mock_table: MockTable
    _live_clients: LiveClients

    def _refuse_after_the_end(self, method: str) -> None:
        raise NotImplementedError

    def mock_task(
        self,
        state: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
        validate: str | None = None,
    ) -> TaskMock:
        """Let a mock answer the Task state of this name, in place of its resource.

        Exactly one of: ``returns``, the task's result exactly as given (for ``lambda:invoke``, the whole result with
        its ``Payload``); ``raises``, a `TaskError`, an exception or its class, or an error name; ``calls``, a function
        of the task's effective input, or of ``(event, context)`` where the resource is a Lambda function;
        ``responses``, a list of results and errors, one for each call.

        ``takes`` is the virtual time in seconds. ``when`` limits the mock to payloads that equal it, or for which it, a
        function, returns True. ``times`` limits how many calls it answers. ``validate`` is how results are checked
        against the service's model, as in TestState: ``"strict"``, ``"present"`` or ``"none"``; the option
        ``validate_mocks`` speaks where it is left out. Raises MockError for arguments that make no sense.
        """
        return self._mock(
            StateTarget.method,
            state,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
            validate=validate,
        )

    def mock_lambda(
        self,
        function: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
    ) -> TaskMock:
        """Let a mock stand for a Lambda function, given by name, partial ARN or ARN, wherever a Task calls it.

        The arguments are those of `mock_task`, seen from the function: ``returns`` is what the function returns (for
        ``lambda:invoke`` it becomes the ``Payload`` of the result), ``calls`` and ``when`` get its event, and an
        exception becomes the error and the cause that Lambda's Python runtime reports. A name without a version or an
        alias stands for all of them.
        """
        return self._mock(
            FunctionTarget.method,
            function,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
        )

    def mock_resource(
        self,
        resource: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
        validate: str | None = None,
    ) -> TaskMock:
        """Let a mock answer every Task with a resource: ``dynamodb:getItem``, ``aws-sdk:s3:getObject``, or an ARN.

        The arguments are those of `mock_task`: payload and result are the task's own.
        """
        return self._mock(
            ResourceTarget.method,
            resource,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
            validate=validate,
        )

    def use_client(self, service: str, client: Any) -> None:
        """Send the integration calls of a service, where no mock answers them, through a real boto3 client.

        ``service`` is the service's name in a ``Resource`` (``dynamodb``) or botocore's; what stands behind the client
        is the test's affair: moto, DynamoDB Local, LocalStack. The task gets the response in Step Functions' shape, and
        a ClientError as the integration's error. Raises MockError where the client is none or that of another service.
        """
        self._refuse_after_the_end("use_client")
        self._live_clients.add(service, client)

    def use_clients(self, services: Mapping[str, Any] | Iterable[str]) -> None:
        """Do what `use_client` does for several services: clients by service, or names whose clients boto3 makes.

        Clients given by name are made when a task first needs them, in the region of this fake.
        """
        self._refuse_after_the_end("use_clients")
        self._live_clients.add_all(services)

    def use_lambda_handlers(self, handlers: Mapping[str, str]) -> dict[str, TaskMock]:
        """Let real handlers stand for Lambda functions: ``{"charge": "app.charge:handler"}``; return the mocks by name.

        Each handler is given as ``module:attribute`` (or as SAM and CDK write it, ``app/charge.handler``) and imported
        when its function is first called. Raises MockError, then, where module or attribute is missing.
        """
        self._refuse_after_the_end("use_lambda_handlers")
        return {
            function: self._mock(FunctionTarget.method, function, calls=imported_handler(handler, function))
            for function, handler in handlers.items()
        }

    def use_mock_config(self, config: MockConfigSource | None = None, case: str | None = None) -> None:
        """Let the test cases of a mock config file of Step Functions Local answer tasks.

        ``config`` is the path of a ``MockConfigFile.json``, or its content as a dict. ``case`` chooses the test case of
        every machine in it that has one of that name; a call chooses another by ``stateMachineArn + "#Case"``. Given
        alone, ``case`` chooses among the configs that are in use already.

        A state's invocations count from 0 in each execution; retries, loops and Map iterations each take one, where
        iterations run at once in the order in which their tasks are scheduled. ``Return`` is the task's result as it
        stands (for a function called by its own ARN, ``Payload`` where it is the response of Lambda's Invoke);
        ``Throw`` its error. A `mock_task` of the state goes first; `mock_lambda` and `mock_resource` answer only states
        that the case leaves out. Raises MockError with every fault in the file and its place.
        """
        self._refuse_after_the_end("use_mock_config")
        if config is not None:
            self._mock_table.mock_configs.use(read_mock_config(config), case)
        elif case is not None:
            self._mock_table.mock_configs.choose(case)
        else:
            raise MockError(
                "use_mock_config takes the path or the content of a mock config, the name of a case, or both."
            )

    def _mock(self, method: str, target: str, **arguments: Any) -> TaskMock:
        self._refuse_after_the_end(method)
        return self._mock_table.add(method, target, **arguments)

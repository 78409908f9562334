"""The part of the fake that answers tasks: mocks of states, of Lambda functions and of other integrations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any, Literal

from pytest_sfn_sync.argument_checks import check_arguments
from pytest_sfn_sync.asl.expressions import MISSING
from pytest_sfn_sync.errors import MockError
from pytest_sfn_sync.shown_text import shown_value
from pytest_sfn_sync.tasks.handlers import real_handler
from pytest_sfn_sync.tasks.live_clients import LiveClients
from pytest_sfn_sync.tasks.map_mocks import ItemReaderMock, ResultWriterMock
from pytest_sfn_sync.tasks.mock_config.config_reading import MockConfigSource, read_mock_config
from pytest_sfn_sync.tasks.mock_table import MockTable
from pytest_sfn_sync.tasks.mock_targets import ActivityTarget, FunctionTarget, ResourceTarget, StateTarget
from pytest_sfn_sync.tasks.mocks import TaskMock
from pytest_sfn_sync.tasks.object_access import ObjectAccess


class TaskMocking:
    """The methods of `SfnSync` that mock tasks."""

    _mock_table: MockTable
    _live_clients: LiveClients
    _object_access: ObjectAccess

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
        submits: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
        validate: str | None = None,
        optional: bool = False,
    ) -> TaskMock:
        """Mock the Task states of this name, and return the mock. It answers in place of the state's resource.

        Exactly one of these arguments sets the answer:

        - ``returns``: the task's result, exactly as given. For ``lambda:invoke`` it is the whole result with its
          ``Payload``.
        - ``raises``: a `TaskError`, an exception or its class, or the name of an error.
        - ``calls``: a function that is called with the task's effective input. If the resource is a Lambda function, it
          may also take ``(event, context)``.
        - ``responses``: a list of results and errors, one for each call.
        - ``submits``: only for a Task that waits for a task token. It is the answer to the submission, or a function
          that is called with the effective input and returns it. Then the task waits for SendTaskSuccess or
          SendTaskFailure. With the other arguments, such a Task ends at once, as if the answer had come.

        ``takes`` is the time in seconds that each call takes on the virtual clock. ``when`` limits the mock to some
        payloads: those that are equal to it or, if it is a function, those for which it returns True. ``times`` is the
        number of calls that the mock answers; None is no limit. ``validate`` sets how results are checked against the
        service's model, as in TestState: ``"strict"``, ``"present"`` or ``"none"``. Its default is the option
        ``validate_mocks``. ``optional=True`` is for a mock that not every test needs: it is never reported as unused.

        Among mocks of the same state, the newest that accepts the payload answers. A mock that is used up lets older
        ones answer.

        Raise MockError for an argument that is wrong, and for arguments that contradict each other.
        """
        return self._mock(
            StateTarget.method,
            state,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            submits=submits,
            takes=takes,
            when=when,
            times=times,
            validate=validate,
            optional=optional,
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
        optional: bool = False,
    ) -> TaskMock:
        """Mock a Lambda function in all Tasks that call it, and return the mock.

        ``function`` is the function's name, partial ARN or ARN. Without a version or an alias it covers all of them.

        The other arguments are those of `mock_task`, from the function's point of view. ``returns`` is what the
        function returns; for ``lambda:invoke`` it becomes the ``Payload`` of the result. ``calls`` and ``when`` get the
        function's event. An exception becomes the error and the cause that Lambda's Python runtime reports.

        Raise MockError for an argument that is wrong.
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
            optional=optional,
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
        optional: bool = False,
    ) -> TaskMock:
        """Mock all Tasks with this resource, and return the mock.

        ``resource`` is an integration such as ``dynamodb:getItem`` or ``aws-sdk:s3:getObject``, or an ARN. The other
        arguments are those of `mock_task`. The payload is the task's effective input, and the result is the task's.

        Raise MockError for an argument that is wrong.
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
            optional=optional,
        )

    def mock_item_reader(
        self,
        state: str,
        *,
        items: Any = MISSING,
        body: Any = MISSING,
        path: str | PathLike[str] | None = None,
        raises: str | None = None,
        optional: bool = False,
    ) -> ItemReaderMock:
        """Give the items that the ItemReader of a distributed Map reads, and return the mock.

        Exactly one of these arguments sets what it reads:

        - ``items``: the list of items, as documents. For ``s3:listObjectsV2`` they are the objects that it lists, or
          the items themselves with LOAD_AND_FLATTEN.
        - ``body``: the content of the object, a text or bytes in the format that the ItemReader says.
        - ``path``: the path of a file with that content.
        - ``raises``: the code of S3's error, such as ``"NoSuchKey"``; the Map fails with States.ItemReaderFailed.

        ``calls`` of the mock has the evaluated Parameters for each time that the Map read. The newest mock of a state
        answers. ``optional=True`` is for a mock that not every test needs.

        Raise MockError for an argument that is wrong.
        """
        self._refuse_after_the_end("mock_item_reader")
        mock = ItemReaderMock(state, items=items, body=body, path=path, raises=raises, optional=optional)
        self._object_access.add(mock)
        return mock

    def mock_result_writer(
        self,
        state: str,
        *,
        raises: str | None = None,
        at: Literal["start", "end"] | None = None,
        optional: bool = False,
    ) -> ResultWriterMock:
        """Take the files that the ResultWriter of a distributed Map writes, and return the mock.

        ``objects`` of the mock has the text of each object by its key, ``manifest`` the manifest as a document, and
        ``results("SUCCEEDED")`` what the files of that kind have.

        ``raises`` is the code of S3's error, such as ``"AccessDenied"``. Before the first item, Step Functions writes a
        test manifest. If that fails, the execution fails with States.Runtime. ``at="end"`` lets the test manifest be
        written and the results fail: the Map fails with States.ResultWriterFailed, which a Catch can name.

        Raise MockError for an argument that is wrong.
        """
        self._refuse_after_the_end("mock_result_writer")
        mock = ResultWriterMock(state, raises=raises, at=at, optional=optional)
        self._object_access.add(mock)
        return mock

    def mock_activity(
        self,
        activity: str,
        *,
        returns: Any = MISSING,
        raises: Any = MISSING,
        calls: Any = MISSING,
        responses: Any = MISSING,
        takes: float = 0,
        when: Any = MISSING,
        times: int | None = None,
        optional: bool = False,
    ) -> TaskMock:
        """Mock an activity in all Tasks that have it, and return the mock. It answers in place of a worker.

        ``activity`` is the activity's name, its ARN or its address in a loaded Terraform configuration; the activity
        need not exist. The other arguments are those of `mock_task`. Without a mock, the task waits until
        GetActivityTask gives it to a worker.

        Raise MockError for an argument that is wrong.
        """
        return self._mock(
            ActivityTarget.method,
            activity,
            returns=returns,
            raises=raises,
            calls=calls,
            responses=responses,
            takes=takes,
            when=when,
            times=times,
            optional=optional,
        )

    def use_client(self, service: str, client: Any) -> None:
        """Send a service's integration calls through a real boto3 client, unless a mock answers them.

        ``service`` is the service's name in a ``Resource`` (``dynamodb``) or botocore's name for it. The test decides
        where the client sends its requests: to moto, DynamoDB Local or LocalStack. The task gets the response in the
        shape that Step Functions gives it. A ClientError becomes the integration's error.

        Raise MockError if ``client`` is not a client, or is the client of another service.
        """
        self._refuse_after_the_end("use_client")
        self._live_clients.add(service, client)

    def use_clients(self, *services: str | Mapping[str, Any] | Iterable[str]) -> None:
        """Send the integration calls of several services through real boto3 clients, as `use_client` does for one.

        A service is given by its name, in a list of names, or in a mapping from services to their clients. For a name,
        boto3 creates the client in this fake's region when a task first needs it. Such a client needs no credentials,
        and it sends no request to AWS: something else has to answer it, such as moto, or LocalStack with an endpoint
        of its own.

        Raise MockError for a name that no service has. A request that would go to AWS raises MockError at the call.
        """
        self._refuse_after_the_end("use_clients")
        self._live_clients.add_all(services)

    def use_lambda_handlers(self, handlers: Mapping[str, str | Callable[..., Any]]) -> dict[str, TaskMock]:
        """Mock Lambda functions with their real handlers, and return the mocks by name.

        ``handlers`` maps a function's name to its handler: ``{"charge": "app.charge:handler"}``. A handler is a
        function, or its name: ``module:attribute``, or as SAM and CDK write it, ``app/charge.handler``. A handler that
        is named is imported when its function is first called.

        Raise MockError for a text that names no handler. A module or an attribute that is missing raises MockError at
        the first call.
        """
        self._refuse_after_the_end("use_lambda_handlers")
        if not isinstance(handlers, Mapping):
            raise MockError(
                "use_lambda_handlers takes handlers by function, such as {'charge': 'app.charge:handler'}, "
                f"not {shown_value(handlers)}."
            )
        calls = {function: real_handler(handler, function) for function, handler in handlers.items()}
        return {
            function: self._mock(
                FunctionTarget.method,
                function,
                calls=handler,
                described=f"use_lambda_handlers({shown_value(function)})",
            )
            for function, handler in calls.items()
        }

    def use_mock_config(self, config: MockConfigSource | None = None, case: str | None = None) -> None:
        """Use the test cases of a mock config file of Step Functions Local to answer tasks.

        ``config`` is the path of a ``MockConfigFile.json``, or its content as a dict. ``case`` is the name of a test
        case. It is chosen for every machine in the config that has a case of that name. A call chooses another case by
        ``stateMachineArn + "#Case"``. Without ``config``, ``case`` chooses among the configs that are already in use.

        The invocations of a state are counted from 0 in each execution. Each retry, each loop and each Map iteration is
        one invocation. Iterations that run at the same time count in the order in which their tasks are scheduled.
        ``Return`` is the task's result exactly as written. There is one exception: if a function is called by its own
        ARN and ``Return`` is the response of Lambda's Invoke, the result is its ``Payload``. ``Throw`` is the task's
        error.

        A `mock_task` of a state is used before the case. `mock_lambda` and `mock_resource` answer only the states that
        the case does not contain.

        Raise MockError with every fault in the file and its place.
        """
        self._refuse_after_the_end("use_mock_config")
        check_arguments("use_mock_config", case=case)
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

"""The Step Functions API of the fake: it takes a serialised request and returns the response that AWS would send.

`StepFunctions` in `step_functions` answers the requests. It depends on the registry, the language and the public
`Execution`. It does not depend on pytest, mocks or botocore.
"""

"""The Amazon States Language: a definition is parsed once into a compiled model, which runs on a virtual clock.

This package uses the standard library, jsonpath-ng and, as an extra, the JSONata engine. It does not use pytest,
botocore or mocks: the caller passes a function, ``invoke_task``, that does the work of a task.
"""

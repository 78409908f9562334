"""The Amazon States Language: a definition is parsed once into a compiled model, which is run on a virtual clock.

Pure: standard library, jsonpath-ng and (as an extra) the JSONata engine. It knows nothing of pytest, botocore or mocks;
a task is done by the callable ``invoke_task`` that the caller hands in.
"""

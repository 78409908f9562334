"""The Step Functions API as this fake answers it: a serialised request goes in, what AWS puts on the wire comes out.

`StepFunctions` in `step_functions` is the object that answers. It knows the registry, the language and the public
`Execution`; it hears nothing of pytest, of mocks or of botocore.
"""

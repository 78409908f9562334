"""Templates of SAM, CloudFormation, the CDK and the serverless framework, read to the state machines in them.

`template.read_template` returns machines that are ready to be registered. `template` and `serverless` know the two
kinds of file, `state_machines` and `definitions` the forms that a definition has in them. `stack` has the values that
CloudFormation would put in, with `parameters`, `resources`, `template_functions` and `conditions`. Nothing is deployed,
nothing is asked of AWS; registering machines and mocking are done elsewhere. This package is imported when a template
is first loaded.
"""

"""Templates of SAM, CloudFormation, the CDK and the serverless framework, read to the state machines in them.

`template.read_template` returns machines that are ready to be registered. `template` and `serverless` read the two
kinds of file. `state_machines` and `definitions` read the forms that a definition has in them. `stack` has the values
that CloudFormation would fill in, with `parameters`, `resources`, `template_functions` and `conditions`.

Nothing is deployed, and no request is sent to AWS. Other packages register the machines and mock the functions. This
package is imported when a template is first loaded.
"""

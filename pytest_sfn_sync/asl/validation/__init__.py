"""The checks of CreateStateMachine and ValidateStateMachineDefinition that look at more than one field.

A single field is checked where it is read (`parsing`, `dialects`). The checks here are those of transitions between
states, variables of nested scopes, resources of tasks, arguments of integrations, and paths with an unexpected meaning.
"""

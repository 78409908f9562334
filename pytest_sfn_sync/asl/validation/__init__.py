"""The checks of CreateStateMachine and ValidateStateMachineDefinition that look at more than one field.

What a single field may be is checked where it is read (`state_parser`, `dialects`); here are the transitions between
states, the variables of nested scopes, the arguments of integrations, and what AWS warns of.
"""

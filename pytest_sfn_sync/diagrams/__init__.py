"""Pictures of machines and their executions: Mermaid text, and pages of HTML with a drawn graph.

`asl.graph` has the parts of a machine, and `executions.ran` counts how often they ran. `mermaid` writes a text that
other programs draw. `layout`, `drawing` and the page modules draw the graph themselves. Nothing here runs a machine or
imports pytest.
"""

"""Pictures of machines and of what ran in them: Mermaid text, and pages of HTML with the graph drawn.

`graph` says what there is to draw and `ran` what happened there; `mermaid` writes it for others to draw, `layout`,
`drawing` and the pages draw it themselves. Nothing here runs a machine, and nothing here knows pytest.
"""

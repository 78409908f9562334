"""`SfnSync`, the fake that a test holds: machines, mocks, templates, and checked definitions."""

"""The answers to Tasks: mocks, mock config files, real clients, and the shapes of results and errors by resource."""

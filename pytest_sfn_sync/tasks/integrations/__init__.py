"""Service integrations: their names, their service models, the shapes of requests and results, their errors.

Lambda functions are no part of it (`tasks.lambda_functions`), and nothing here chooses or asks a mock.
"""

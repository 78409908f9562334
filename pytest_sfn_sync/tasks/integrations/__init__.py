"""Service integrations: their names, their service models, the shapes of requests and results, their errors.

Lambda functions are in `tasks.lambda_functions`. Mocks are chosen and called elsewhere.
"""

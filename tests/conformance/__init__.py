"""Replays through a boto3 client what AWS answered, as recorded in the sibling folder `shared/conformance`."""

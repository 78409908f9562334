"""Runs AWS Step Functions Express workflows in-process, behind an unchanged boto3 client."""

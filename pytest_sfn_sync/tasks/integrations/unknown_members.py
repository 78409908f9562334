"""Members that a request does not have: misspelt names, and members that AWS may have added since.

AWS adds members all the time, and the installed botocore may be months behind. So a member that botocore's structure
lacks is unknown rather than wrong, unless its name is misspelt (`nearest_names.misspelt`) or not written as AWS writes
members. AWS added 7,161 members to older structures between botocore 1.35.0 and 1.43.117. Three of them are so near to
an older one that they would count as misspelt. Many have the name of a member of another structure, or are the plural
of an older one; neither counts as misspelt.

Structures from this package (`written_shapes`) are documented, and have no other members.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.nearest_names import misspelt
from pytest_sfn_sync.tasks.integrations.service_models import Shape


def slip_of(name: str, structure: Shape) -> str | None:
    """Return the member of a structure that a misspelt name probably means; None if the name is not misspelt.

    A member under the service's own name counts as misspelt: ``NULL`` of DynamoDB is ``Nul`` in an SDK integration.
    """
    for member, model_name in structure.model_names.items():
        if name.lower() == model_name.lower():
            return member
    others = structure.members if structure.is_written else [one for one in structure.members if name != f"{one}s"]
    return misspelt(name, others)


def may_be_new(name: str, structure: Shape) -> bool:
    """Return whether AWS may have a member that a structure of botocore's model lacks."""
    if structure.is_written or name in structure.unsupported:
        return False
    return name.isalnum() and name[:1].isupper() and slip_of(name, structure) is None

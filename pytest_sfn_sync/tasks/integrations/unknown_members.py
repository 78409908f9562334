"""Members that a request does not have: slips of the pen, and members that AWS may have added since.

AWS adds members all the time, and the installed botocore may be months behind. So a member that botocore's structure
lacks is unknown rather than wrong, unless it is a slip (`nearest_names.misspelt`) or not written as AWS writes members.
Of 7,161 members that AWS added to older structures between botocore 1.35.0 and 1.43.117, three are as near as a slip to
an older one. Many have the name of a member of another structure, or are the plural of an older one: neither is a slip.

Structures that this package writes itself (`written_shapes`) are as documented, and closed.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.nearest_names import misspelt
from pytest_sfn_sync.tasks.integrations.service_models import Shape


def slip_of(name: str, structure: Shape) -> str | None:
    """Return the member of a structure of which a name is most likely a slip of the pen; None for another name.

    A member under the service's own name is one too: ``NULL`` of DynamoDB is ``Nul`` in an SDK integration.
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

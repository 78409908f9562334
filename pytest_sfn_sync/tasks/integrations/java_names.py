"""How the AWS SDK for Java writes the names of a service model: Step Functions shows them to a workflow.

The rules are those of the SDK for Java 2 (words, then Pascal case; a leading acronym in lower case). Measured on AWS:
``DbInstanceIdentifier``, ``MultiAZ``, ``SsekmsKeyId``, ``Bool``, ``DynamoDb.DynamoDbException``.

Members that would be a word or a method of Java have ``Value`` after their names, and a few have a name of their own.
"""

from __future__ import annotations

import re
from typing import Final

_NO_LETTER_OR_DIGIT: Final = re.compile("[^A-Za-z0-9]+")
_VERSION: Final = re.compile("(?<=[A-Z]{2})v(?=[0-9])|(?<=[a-z]{2})V(?=[0-9])")
_WORD_BOUNDARY: Final = re.compile("(?<=[a-z])(?=[A-Z][a-zA-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[a-zA-Z])")
_LEADING_ACRONYM: Final = re.compile("[A-Z]+(?![a-z])|[A-Z]")

_WORDS: Final = (
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends false "
    "final finally float for goto if implements import instanceof int interface long native new null package private "
    "protected public return short static strictfp super switch synchronized this throw throws transient true try void "
    "volatile while"
)
_METHODS: Final = (
    "builder clone equals finalize getClass hashCode notify notifyAll sdkFields serializableBuilderClass toBuilder "
    "toString wait"
)
_RESERVED: Final = frozenset([*_WORDS.split(), *_METHODS.split()])
"""What no member can be called in Java. Documented: ``EqualsValue``; inferred for the rest: the SDK's own rule."""

_RENAMED: Final = {
    ("AttributeValue", "NULL"): "Nul",  # measured for aws-sdk:dynamodb
    # Inferred from the SDK: customised there, and a union's own method.
    ("Image", "Public"): "PublicLaunchPermissions",
    ("AcmCertificateMetadataFilter", "Type"): "TypeValue",
}
"""The members that the SDK names otherwise, by the structure and the model's name."""


def pascal_case(name: str) -> str:
    """Write a name as Java's classes are called: ``DynamoDB`` becomes ``DynamoDb``, ``RDS Data`` ``RdsData``."""
    text = _NO_LETTER_OR_DIGIT.sub(" ", name)
    text = _VERSION.sub(lambda version: f" {version.group()}", text)
    text = _WORD_BOUNDARY.sub(" ", text)
    return "".join(word.capitalize() for word in text.split())


def lower_camel(name: str) -> str:
    """Write a name as Java's methods are called: ``GetItem`` becomes ``getItem``, ``DBInstances`` ``dbInstances``."""
    return _LEADING_ACRONYM.sub(lambda leading: leading.group().lower(), name, count=1) if name[:1].isupper() else name


def upper_first(name: str) -> str:
    """Write a name with its first letter in upper case, the rest as it is."""
    return f"{name[:1].upper()}{name[1:]}"


def sdk_member(name: str, structure: str) -> str:
    """Write the name of a structure's member as ``aws-sdk`` integrations show it: ``BOOL`` becomes ``Bool``."""
    renamed = _RENAMED.get((structure, name))
    if renamed is not None:
        return renamed
    java_name = lower_camel(name)
    return upper_first(f"{java_name}Value" if java_name in _RESERVED else java_name)


def optimized_member(name: str, structure: str) -> str:
    """Write the name of a structure's member as optimized integrations show it: the model's, ``NULL`` among them."""
    return upper_first(name)


def exception_class(shape_name: str) -> str:
    """Write the Java class of a modelled error: ``NoSuchKey`` becomes ``NoSuchKeyException``, as do names in Fault."""
    return f"{pascal_case(shape_name.removesuffix('Exception').removesuffix('Fault'))}Exception"

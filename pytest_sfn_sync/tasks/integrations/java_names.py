"""The names of a service model in the spelling of the AWS SDK for Java, which Step Functions shows to a workflow.

The rules are those of the SDK for Java 2: a name is split into words and written in Pascal case; a leading acronym is
in lower case. Measured on AWS: ``DbInstanceIdentifier``, ``MultiAZ``, ``SsekmsKeyId``, ``Bool``,
``DynamoDb.DynamoDbException``.

If a member has the name of a keyword or a method of Java, ``Value`` is added to it. A few members have other names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

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
"""Names that no member can have in Java. Documented: ``EqualsValue``. Assumption: the SDK's rule holds for all."""

_UNION_METHODS: Final = frozenset({"type"})
"""Further names that no member of a union can have. Assumption: the SDK's rule, as its unions have such a method."""

_RENAMED: Final = {
    ("dynamodb", "AttributeValue", "NULL"): "Nul",  # Measured: aws-sdk:dynamodb.
    # Assumption, from the SDK's customisations: its two services of DynamoDB share their shapes.
    ("dynamodbstreams", "AttributeValue", "NULL"): "Nul",
    ("ec2", "Image", "Public"): "PublicLaunchPermissions",
}
"""The members with another name in the SDK, by botocore's name of the service, the structure and the model's name."""


class Spelling(Protocol):
    """The spelling of members' names in one kind of integration; equal spellings return equal names."""

    def __call__(self, name: str, structure: str, *, is_union: bool = False) -> str:
        """Return the name that a workflow sees for a member of a structure; ``name`` is the model's own."""

    def __hash__(self) -> int: ...


def pascal_case(name: str) -> str:
    """Return a name as that of a Java class: ``DynamoDB`` becomes ``DynamoDb``, and ``RDS Data`` ``RdsData``."""
    text = _NO_LETTER_OR_DIGIT.sub(" ", name)
    text = _VERSION.sub(lambda version: f" {version.group()}", text)
    text = _WORD_BOUNDARY.sub(" ", text)
    return "".join(word.capitalize() for word in text.split())


def lower_camel(name: str) -> str:
    """Return a name as that of a Java method: ``GetItem`` becomes ``getItem``, and ``DBInstances`` ``dbInstances``."""
    return _LEADING_ACRONYM.sub(lambda leading: leading.group().lower(), name, count=1) if name[:1].isupper() else name


def upper_first(name: str) -> str:
    """Return a name with its first letter in upper case; the rest is not changed."""
    return f"{name[:1].upper()}{name[1:]}"


@dataclass(frozen=True, slots=True)
class SdkSpelling:
    """The spelling of the ``aws-sdk`` integrations with a service, given by botocore's name."""

    service: str

    def __call__(self, name: str, structure: str, *, is_union: bool = False) -> str:
        """Return a member's name as the SDK for Java writes it: ``BOOL`` becomes ``Bool``."""
        renamed = _RENAMED.get((self.service, structure, name))
        if renamed is not None:
            return renamed
        java_name = lower_camel(name)
        is_reserved = java_name in _RESERVED or (is_union and java_name in _UNION_METHODS)
        return upper_first(f"{java_name}Value" if is_reserved else java_name)


def optimized_member(name: str, structure: str, *, is_union: bool = False) -> str:
    """Return a member's name in optimized integrations: the model's own, such as ``NULL``."""
    return upper_first(name)


def exception_class(shape_name: str) -> str:
    """Return the Java class of a modelled error: ``NoSuchKeyException`` for ``NoSuchKey``, also for a name in Fault."""
    return f"{pascal_case(shape_name.removesuffix('Exception').removesuffix('Fault'))}Exception"


def exception_class_of_version_1(shape_name: str) -> str:
    """Return the class in version 1 of the SDK for Java, which keeps acronyms: ``KMSDisabledException``.

    Assumption: optimized integrations, whose causes are those of version 1, have its names; none of these was recorded.
    """
    return f"{upper_first(shape_name.removesuffix('Exception').removesuffix('Fault'))}Exception"

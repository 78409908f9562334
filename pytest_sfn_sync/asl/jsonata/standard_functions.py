"""The names of JSONata 2.0.6's own functions; a workflow variable of the same name hides one."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    "abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl"
    " decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase"
    " formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now"
    " number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt"
    " string substring substringAfter substringBefore sum toMillis trim type uppercase zip"
)
STANDARD_FUNCTIONS: Final = frozenset(_NAMES.split())

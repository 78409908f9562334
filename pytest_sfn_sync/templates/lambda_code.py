"""The code and the environment of a template's Lambda functions, for those who run their real handlers.

The code is a folder beside the template (``CodeUri``), an asset of the CDK, or a text in the template. Functions of
other languages, images, and archives in S3 have no code that can be run here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pytest_sfn_sync.shown_text import shown_text, shown_value
from pytest_sfn_sync.sources.source_text import shown_path
from pytest_sfn_sync.sources.text_files import path_fault
from pytest_sfn_sync.templates.parameters import text_of
from pytest_sfn_sync.templates.resources import Resource
from pytest_sfn_sync.templates.stack import Stack
from pytest_sfn_sync.templates.template_faults import CANT_BE_WORKED_OUT, UnresolvableError, fault_of, template_error

ASSET: Final = "aws:asset:path"
"""The key in the Metadata of a resource with the folder of its asset, in the CDK's templates."""

_CODE_OF_LAYERS: Final = {"AWS::Serverless::LayerVersion": "ContentUri", "AWS::Lambda::LayerVersion": "Content"}
_INLINE_MODULE: Final = "index"


class NoPythonCodeError(Exception):
    """A function has no Python code that can be run: the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaCode:
    """The Python code of a function: its ``handler``, its ``folders`` for imports, or its ``text`` in the template."""

    handler: str
    folders: tuple[Path, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class LambdaSource:
    """A Lambda function of a template, whose code and environment are worked out when a test asks for them."""

    stack: Stack
    resource: Resource

    def environment(self) -> dict[str, str]:
        """Return the function's environment variables; raise TemplateError for one that can't be worked out."""
        stack, resource = self.stack, self.resource
        spot = resource.spot_of("Environment")
        try:
            found = stack.evaluate(resource.properties.get("Environment", {}), spot)
            variables = found.get("Variables", {}) if isinstance(found, Mapping) else None
            if not isinstance(variables, Mapping):
                raise UnresolvableError("Environment is an object with the object Variables.", spot)
        except CANT_BE_WORKED_OUT as error:
            raise template_error(spot.document.file, [fault_of(error, spot)]) from None
        return {str(name): text_of(value) for name, value in variables.items()}

    def code(self) -> LambdaCode:
        """Return the code; raise NoPythonCodeError if there is none."""
        runtime = self._text("Runtime", "python")
        if self._text("PackageType", "Zip") != "Zip":
            raise NoPythonCodeError("it is an image")
        if not runtime.startswith("python"):
            raise NoPythonCodeError(f"its runtime is {shown_text(runtime)}")
        text = self._inline()
        handler = self._text("Handler", f"{_INLINE_MODULE}.handler" if text is not None else "")
        if not handler:
            raise NoPythonCodeError("it has no Handler")
        folders = () if text is not None else (self._folder(self.resource), *self._layers())
        return LambdaCode(handler=handler, folders=folders, text=text)

    def _text(self, name: str, default: str) -> str:
        if name not in self.resource.properties:
            return default
        value = self._evaluated(self.resource, name)
        return value if isinstance(value, str) else default

    def _evaluated(self, resource: Resource, name: str) -> Any:
        try:
            return self.stack.evaluate(resource.properties[name], resource.spot_of(name))
        except CANT_BE_WORKED_OUT as error:
            raise NoPythonCodeError(f"its {name} can't be worked out ({fault_of(error, resource.spot).why})") from None

    def _inline(self) -> str | None:
        if "InlineCode" in self.resource.properties:
            value = self._evaluated(self.resource, "InlineCode")
        else:
            code = self._evaluated(self.resource, "Code") if "Code" in self.resource.properties else None
            value = code.get("ZipFile") if isinstance(code, Mapping) else None
        return value if isinstance(value, str) else None

    def _folder(self, resource: Resource, property_name: str = "CodeUri") -> Path:
        """Return the folder of the code, of a function or of a layer."""
        around = resource.spot.document.path.parent
        asset = self._asset(resource)
        if asset is not None:
            named: Any = asset
        elif property_name in resource.properties:
            named = self._evaluated(resource, property_name)
        elif "Code" in resource.properties:
            named = self._evaluated(resource, "Code")
        else:
            named = "."
        if not isinstance(named, str) or named.startswith("s3://"):
            raise NoPythonCodeError("its code is in S3")
        if path_fault(named) is not None:
            raise NoPythonCodeError(f"{shown_value(named)} names no folder: {path_fault(named)}")
        folder = around / named
        if folder.is_dir():
            return folder
        where = shown_path(str(folder))
        raise NoPythonCodeError(f"{where} is no folder" if folder.exists() else f"there is no folder {where}")

    def _asset(self, resource: Resource) -> str | None:
        found = resource.metadata.get(ASSET)
        return found if isinstance(found, str) else None

    def _layers(self) -> list[Path]:
        """Return the folders of the layers that are in the template; others are on the test's own path, or missing."""
        layers = self.resource.properties.get("Layers")
        found = []
        for layer in layers if isinstance(layers, list) else []:
            name = layer.get("Ref") if isinstance(layer, Mapping) else None
            resource = self.stack.resources.find(name) if isinstance(name, str) else None
            if resource is None or resource.type not in _CODE_OF_LAYERS:
                continue
            try:
                folder = self._folder(resource, _CODE_OF_LAYERS[resource.type])
            except NoPythonCodeError as error:
                raise NoPythonCodeError(f"its layer {shown_value(name)} can't be used: {error}") from None
            found += [folder / "python", folder]
        return [folder for folder in found if folder.is_dir()]

"""Templates compiled once for each language: what a page always says in it is plain text by then.

`_("Search")`, `url("desk:inbox")`, `static("own/desk.js")` and `icon("inbox")` with nothing but constants are
worked out while a template is compiled, not each time it is rendered; `bench/README.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import CodeType
from typing import Any

from django.utils.translation import get_language
from jinja2 import Environment, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape


class SpokenEnvironment(Environment):
    """Jinja2's environment with a cache of templates for each language. `folded`: the globals that are worked out."""

    def __init__(self, folded: tuple[str, ...], **options: Any) -> None:
        self.folded, self._caches = folded, dict[str | None, dict[Any, Template]]()
        super().__init__(**options)
        self.template_class, self.context_class = SpokenTemplate, PlainContext

    @property
    def cache(self) -> dict[Any, Template]:  # type: ignore[override]
        return self._caches.setdefault(get_language(), {})

    @cache.setter
    def cache(self, _made_by_jinja: Any) -> None:
        """Each language has one of its own."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        folded: nodes.Template = _Folding(self).visit(super()._parse(source, name, filename))
        return folded


class _Folding(NodeTransformer):
    """Puts what a call gives in its place, where all its arguments are constants."""

    def __init__(self, environment: SpokenEnvironment) -> None:
        self.environment = environment
        self.known: dict[str, Callable[..., Any]] = {n: environment.globals[n] for n in environment.folded}

    def visit_Call(self, call: nodes.Call) -> nodes.Node:
        self.generic_visit(call)
        function = self.known.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        plain = all(isinstance(a, nodes.Const) for a in (*call.args, *(k.value for k in call.kwargs)))
        if function is None or not plain or call.dyn_args or call.dyn_kwargs:
            return call
        made = function(*(a.value for a in call.args), **{k.key: k.value.value for k in call.kwargs})
        return nodes.Const(made, lineno=call.lineno, environment=self.environment)


class PlainContext(Context):
    """Calls a plain function as it is; only those of Jinja2's own that want the context take the long way."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)


class SpokenTemplate(Template):
    @classmethod
    def from_code(
        cls, environment: Environment, code: CodeType, globals: Any, uptodate: Any = None
    ) -> Template:
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__["escape"] = _escaped
        return made

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """Macros are imported without a look at the page's names: no template of ours has globals of its own."""
        if self._module is None:
            self._module = self.make_module()
        return self._module


def _escaped(value: Any) -> str:
    """What is written for `value`; markup as it stands, without a new object for it."""
    return value if type(value) is Markup else escape(value)

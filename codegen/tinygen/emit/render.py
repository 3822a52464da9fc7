"""Prints text from the templates folder; the only module that knows jinja2."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tinygen.resources import resource_dir

if TYPE_CHECKING:
    import jinja2


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2  # when the first text is printed: not every command prints one

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource_dir("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def render(template: str, **context: object) -> str:
    """The text of `templates/<template>` with the names of `context`; an unknown name is our bug and raises."""
    return _environment().get_template(template).render(**context)

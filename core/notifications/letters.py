"""What a message says, in the language of the context: one shape for notice, digest and confirmation."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from core.language import LANGUAGE, mark, translate
from core.notifications import rules
from core.notifications.queries import Notice
from core.settings import load

PREFERENCES = "/inbox/preferences"
_SHORT_MOST = 200


@dataclass(frozen=True)
class Paragraph:
    """A title and a text, and the page where it is dealt with."""

    title: str
    body: str
    path: str
    follow: str


@dataclass(frozen=True)
class Letter:
    """An e-mail by `subject`, `text()` and `html()`; an SMS by `short`."""

    subject: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def short(self) -> str:
        """One line, as an SMS: 【益集】 says who writes, as the operators demand."""
        first = self.paragraphs[0]
        said = translate(mark("【益集】%(title)s：%(body)s"), title=first.title, body=first.body)
        line = rules.one_line(said)
        return line if len(line) <= _SHORT_MOST else f"{line[: _SHORT_MOST - 1]}…"

    def text(self) -> str:
        """The plain part."""
        return self._render("mail.txt")

    def html(self) -> str:
        """The same with headings and links; nothing is loaded from anywhere."""
        return self._render("mail.html")

    def _render(self, template: str) -> str:
        return (
            _environment()
            .get_template(template)
            .render(letter=self, base=load().public_url, preferences=PREFERENCES, language=LANGUAGE.get())
        )


@functools.cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translate, lambda one, many, n: translate(one if n == 1 else many), newstyle=True
    )
    return made


def write_notice(notice: Notice) -> Letter:
    """A notice as its person reads it."""
    return _letter(translate(notice.title), [notice])


def write_digest(notices: Sequence[Notice]) -> Letter:
    """Several notices in one, newest first."""
    return _letter(translate(mark("您有 %(n)s 条未读通知"), n=len(notices)), notices)


def _letter(subject: str, notices: Sequence[Notice]) -> Letter:
    follow = translate(mark("去看看"))
    return Letter(
        rules.one_line(subject),
        tuple(Paragraph(translate(n.title), n.told(), f"/inbox/{n.id}", follow) for n in notices),
    )


def write_confirmation(token: str) -> Letter:
    """The link that confirms an address."""
    title = translate(mark("请确认您的邮箱"))
    body = translate(
        mark("点下面的链接，益集的通知以后会发到这个邮箱。链接两天内有效。如果不是您填写的，不用理会。")
    )
    return Letter(title, (Paragraph(title, body, f"/inbox/email/{token}", translate(mark("确认邮箱"))),))

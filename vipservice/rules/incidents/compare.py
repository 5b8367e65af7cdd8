"""What a ticketing system kept of what it was given: 201 alone says little."""

from collections.abc import Iterator, Mapping

from vipservice.rules.incidents.model import IncidentDraft, Translate
from vipservice.rules.refusals import N_

UNKNOWN_SIZE = -1


def differences(
    draft: IncidentDraft,
    title: str,
    text: str,
    reference: str,
    sent: Mapping[str, int],
    kept: Mapping[str, int],
    translate: Translate,
) -> Iterator[str]:
    """A sentence for each thing that was lost, cut or changed; none when all was kept.

    ``sent`` and ``kept`` are names of files with their sizes in bytes, -1 where unknown.
    """
    say = translate
    if reference != draft.reference:
        yield say(N_("The reference was not kept: the incident can not be found again by it."))
    if _line(title) != _line(draft.title):
        yield _shorter(say(N_("The title")), _line(draft.title), title, say)
    if _lines(text) != _lines(draft.description):
        yield _shorter(say(N_("The description")), draft.description, text, say)
    for name, size in sent.items():
        there = kept.get(name)
        if there is None:
            yield say(N_("The file %(name)s was not kept.")) % {"name": name}
        elif there not in (size, UNKNOWN_SIZE):
            words = say(N_("The file %(name)s has %(kept)d bytes there, and %(size)d here."))
            yield words % {"name": name, "kept": there, "size": size}


def _shorter(what: str, given: str, kept: str, say: Translate) -> str:
    values = {"what": what, "kept": len(kept), "given": len(given)}
    if not kept:
        return say(N_("%(what)s was not kept at all.")) % values
    if len(kept) == len(given):
        return say(N_("%(what)s was changed.")) % values
    return say(N_("%(what)s has %(kept)d characters there, and %(given)d here.")) % values


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    """Line endings and the white space around a text are not what is meant."""
    return [line.rstrip() for line in text.strip().splitlines()]

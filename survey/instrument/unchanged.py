"""Which constructs two questionnaires ask in the same words: only these may be held together."""

from collections.abc import Collection

from survey.instrument.content import Construct, Instrument, Texts


def unchanged_constructs(
    before: Instrument, now: Instrument, *, languages: Collection[str]
) -> frozenset[str]:
    """Return the codes of the constructs that people were asked in the same words both times.

    languages: those that people were asked in. Another scale, another stem, one statement more or
    one word changed: what differs then may be the question and not the answer.
    """
    if _frame(before, languages) != _frame(now, languages):
        return frozenset()
    then = {one.code: _asked(one, languages) for one in before.constructs}
    return frozenset(
        one.code for one in now.constructs if then.get(one.code) == _asked(one, languages)
    )


def _frame(instrument: Instrument, languages: Collection[str]) -> tuple[object, ...]:
    labels = {code: tuple(instrument.scale.labels.get(code, ())) for code in languages}
    return instrument.scale.points, labels, _words(instrument.stem, languages)


def _asked(construct: Construct, languages: Collection[str]) -> tuple[object, ...]:
    statements = {
        item.code: (_words(item.text, languages), item.is_reversed, item.function)
        for item in construct.items
    }
    return construct.role, _words(construct.lead_in, languages), statements


def _words(texts: Texts, languages: Collection[str]) -> dict[str, str]:
    return {code: texts.get(code, "") for code in languages}

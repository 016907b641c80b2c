"""The result of every unit: of its own released sets, or of the smallest one around it."""

from dataclasses import dataclass, field, replace
from typing import Final

from diagnostics.scoring.alignment import functions_compared
from diagnostics.scoring.diagnoses import Lens, construct_scores, diagnose
from diagnostics.scoring.pooling import CompanyPooling
from diagnostics.scoring.results import (
    Diagnosis,
    FunctionResult,
    Profile,
    Relation,
    Source,
    UnitResult,
)
from diagnostics.scoring.sets import ReleasedAnswers, SetFigures
from survey.policy import size_band
from survey.release import tables as release_tables
from survey.release.tables import FUNCTIONS, ChosenSet, Plan, SetInfo, SetKind

RELATIONS: Final = {
    release_tables.Relation.OWN: Relation.OWN,
    release_tables.Relation.ONE_CHILD: Relation.ONE_CHILD,
    release_tables.Relation.WIDER: Relation.WIDER,
}


@dataclass
class UnitScoring:
    """Scores sets of one release on demand; each set once, however many units show it."""

    released: ReleasedAnswers
    pooling: CompanyPooling
    lens: Lens
    _profiles: dict[str, Profile] = field(default_factory=dict)
    _diagnoses: dict[str, Diagnosis | None] = field(default_factory=dict)

    def unit(self, key: str) -> UnitResult:
        """Return one unit's result."""
        tree = self.released.tables.tree
        position = tree.position[key]
        parent = tree.parents[position]
        pairs = {plan: self._function_sets(key, plan) for plan in Plan}
        return UnitResult(
            unit=key,
            name=tree.names[position],
            parent=tree.keys[parent] if parent >= 0 else None,
            profile=self._profile(self.released.tables.profile_set(key)),
            diagnosis=self._diagnosis(self.released.tables.verdict_set(key)),
            functions=self._functions(pairs),
            alignment=functions_compared(
                {plan: tuple(map(self.pooling.figures, pair)) for plan, pair in pairs.items()},
                self.lens,
            ),
        )

    def _profile(self, chosen: ChosenSet | None) -> Profile | None:
        if chosen is None:
            return None
        if chosen.info.key not in self._profiles:
            figures = self.released.figures(chosen.info)
            self._profiles[chosen.info.key] = self._profile_of(figures)
        return Profile(self._source(chosen), self._profiles[chosen.info.key].scores)

    def _profile_of(self, figures: SetFigures) -> Profile:
        own = ChosenSet(figures.info, release_tables.Relation.OWN)
        with_memberships = figures.info.n >= self.lens.method.sensitive_floor
        pooled = self.pooling.figures(figures)
        scores = construct_scores(figures, pooled, self.lens, with_memberships=with_memberships)
        return Profile(self._source(own), scores)

    def _diagnosis(self, chosen: ChosenSet | None) -> Diagnosis | None:
        if chosen is None:
            return None
        if chosen.info.key not in self._diagnoses:
            self._diagnoses[chosen.info.key] = self._diagnosis_of(
                self.released.figures(chosen.info), self._source(chosen)
            )
        found = self._diagnoses[chosen.info.key]
        return None if found is None else replace(found, source=self._source(chosen))

    def _source(self, chosen: ChosenSet) -> Source:
        info, tree = chosen.info, self.released.tables.tree
        return Source(
            set_key=info.key,
            unit=info.unit,
            unit_name=tree.names[tree.position[info.unit]],
            relation=RELATIONS[chosen.relation],
            is_pool=info.kind is SetKind.POOL,
            band=size_band(info.n),
        )

    def _function_sets(self, key: str, plan: Plan) -> tuple[SetFigures, ...]:
        """Return the figures of both functions of a unit, nothing where they are not told apart."""
        infos = [self.released.tables.unit_set(key, plan, function) for function in FUNCTIONS]
        known: list[SetInfo] = [info for info in infos if info is not None]
        return tuple(self.released.figures(info) for info in known) if len(known) == 2 else ()

    def _functions(self, pairs: dict[Plan, tuple[SetFigures, ...]]) -> tuple[FunctionResult, ...]:
        profiles = {figures.info.function: figures for figures in pairs[Plan.GENERAL]}
        verdicts = {figures.info.function: figures for figures in pairs[Plan.SENSITIVE]}
        return tuple(
            FunctionResult(
                function=function,
                profile=self._profile_of(profiles[function]) if function in profiles else None,
                diagnosis=self._function_diagnosis(verdicts.get(function)),
            )
            for function in FUNCTIONS
            if function in profiles or function in verdicts
        )

    def _function_diagnosis(self, figures: SetFigures | None) -> Diagnosis | None:
        if figures is None:
            return None
        own = ChosenSet(figures.info, release_tables.Relation.OWN)
        return self._diagnosis_of(figures, self._source(own))

    def _diagnosis_of(self, figures: SetFigures, source: Source) -> Diagnosis | None:
        return diagnose(
            figures,
            self.pooling.figures(figures),
            source,
            self.lens,
            function=figures.info.function,
        )

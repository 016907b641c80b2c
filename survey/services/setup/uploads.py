"""An upload between its dry run and its confirmation, which keeps all of it or nothing."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import StateError
from survey.models import Campaign, Unit, UnitPlan, Upload, User
from survey.selectors.units.unit_plans import rows_of
from survey.services.organisations.trees import import_people
from survey.services.setup.head_counts import note_author
from survey.services.setup.imports import ImportPlan, NamedFile, check_files
from survey.services.setup.unit_plans import drop_plan, keep_plan
from survey.services.states import locked_draft


def checked_upload(
    *,
    user: User,
    campaign: Campaign,
    units: NamedFile | None,
    people: NamedFile,
    root_name: str = "",
    uses_present_tree: bool = False,
    includes_hidden: bool = False,
    now: datetime | None = None,
) -> Upload:
    """Return files that passed the dry run, to be kept; others raise FileProblemsError."""
    upload = Upload(
        user=user,
        campaign=campaign,
        root_name=root_name,
        units_name=units.name if units else "",
        units_file=units.content if units else None,
        uses_present_tree=uses_present_tree and units is None,
        includes_hidden=includes_hidden,
        people_name=people.name,
        people_file=people.content,
        uploaded_at=now or timezone.now(),
    )
    plan_of(upload)
    return upload


@transaction.atomic
def keep_upload(*, upload: Upload) -> Upload:
    """Keep checked files until they are confirmed, which checks them again.

    They were read before, so that nobody waits for that: what is tested under the lock is the
    draft alone. A tree that has changed since is found by the preview, and by the confirmation.
    """
    locked_draft(upload.campaign)
    # Locked too: somebody may press twice, and has one upload only.
    User.objects.select_for_update(no_key=True).get(pk=upload.user_id)
    Upload.objects.filter(user=upload.user_id).delete()
    upload.save(force_insert=True)
    return upload


def plan_of(upload: Upload) -> ImportPlan:
    """Return what confirming would do; raises FileProblemsError if the tree changed meanwhile."""
    units, kept = upload.units_file, _kept_plan(upload)
    return check_files(
        organisation=upload.campaign.organisation,
        units=None if units is None else NamedFile(upload.units_name, bytes(units)),
        people=NamedFile(upload.people_name, bytes(upload.people_file)),
        languages=upload.campaign.instrument.content["title"],
        root_name=kept.root_name if kept else upload.root_name,
        planned=rows_of(kept) if kept else None,
        includes_hidden=upload.includes_hidden,
    )


def _basis(upload: Upload) -> object:
    """Return all that the plan of an upload rests on beside its files, which never change."""
    campaign = Campaign.objects.select_related("instrument").get(pk=upload.campaign_id)
    kept = _kept_plan(upload)
    units = Unit.objects.filter(organisation=campaign.organisation_id).order_by("pk")
    return (
        upload.includes_hidden,
        sorted(campaign.instrument.content["title"]),
        (kept.root_name, kept.rows) if kept else None,
        campaign.organisation.name,
        campaign.organisation.mail_domains,
        list(units.values_list("pk", "code", "name", "parent", "since", "until")),
        timezone.localdate(),
    )


def _kept_plan(upload: Upload) -> UnitPlan | None:
    """Return the draft's plan of units if the upload leaves it as it is."""
    if upload.units_file is not None or upload.uses_present_tree:
        return None
    return UnitPlan.objects.filter(campaign=upload.campaign).first()


def choose_hidden_rows(*, upload: Upload, includes: bool) -> Upload:
    """Read the rows that workbooks hide, or leave them out; raises FileProblemsError."""
    chosen = Upload.objects.get(pk=upload.pk)
    chosen.includes_hidden = includes
    plan_of(chosen)
    chosen.save(update_fields=["includes_hidden"])  # nothing else of an upload ever changes
    return chosen


def confirm_upload(*, upload: Upload) -> Campaign:
    """Keep units, leaders and people with the draft; the organisation changes at its launch.

    The files are read before the lock. What they were checked against is compared under it, and
    only where that has changed in between are they read once more, while others wait.
    """
    before = Upload.objects.filter(pk=upload.pk).first()
    basis = None if before is None else _basis(before)
    plan = None if before is None else plan_of(before)
    return _confirm(upload, plan, basis)


@transaction.atomic
def _confirm(upload: Upload, read: ImportPlan | None, basis: object) -> Campaign:
    campaign = locked_draft(upload.campaign)
    locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if locked is None:
        raise StateError(
            gettext(
                "%(campaign)s: expected an upload to confirm, found it confirmed, replaced or "
                "deleted already."
            )
            % {"campaign": campaign.name}
        )
    plan = read if read is not None and _basis(locked) == basis else plan_of(locked)
    if plan.units is None:
        drop_plan(campaign=campaign)
    elif locked.units_file is not None:
        keep_plan(campaign=campaign, rows=plan.units, root_name=locked.root_name)
    import_people(campaign=campaign, rows=plan.people)
    note_author(campaign=campaign, user=locked.user)
    locked.delete()
    return campaign

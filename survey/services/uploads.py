"""An upload between its dry run and its confirmation, which saves all of it or nothing."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from survey.models import Campaign, Upload, User
from survey.services.imports import ImportPlan, NamedFile, check_files
from survey.services.organisations import import_people, import_units


@transaction.atomic
def keep_upload(
    *,
    user: User,
    campaign: Campaign,
    units: NamedFile | None,
    people: NamedFile,
    root_name: str = "",
    now: datetime | None = None,
) -> Upload:
    """Keep files that passed the dry run until they are confirmed; others raise and are not kept.

    Raises FileProblemsError.
    """
    upload = Upload(
        user=user,
        campaign=campaign,
        root_name=root_name,
        units_name=units.name if units else "",
        units_file=units.content if units else None,
        people_name=people.name,
        people_file=people.content,
        uploaded_at=now or timezone.now(),
    )
    plan_of(upload)
    Upload.objects.filter(user=user).delete()
    upload.save(force_insert=True)
    return upload


def plan_of(upload: Upload) -> ImportPlan:
    """Return what confirming would do; raises FileProblemsError if the tree changed meanwhile."""
    units = upload.units_file
    return check_files(
        organisation=upload.campaign.organisation,
        units=None if units is None else NamedFile(upload.units_name, bytes(units)),
        people=NamedFile(upload.people_name, bytes(upload.people_file)),
        languages=upload.campaign.instrument.content["title"],
        root_name=upload.root_name,
    )


@transaction.atomic
def confirm_upload(*, upload: Upload) -> Campaign:
    """Save tree, leaders and the draft's people in one transaction; the upload is used up."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    campaign, plan = locked.campaign, plan_of(locked)
    if plan.units is not None:
        import_units(
            organisation=campaign.organisation, rows=plan.units, root_name=locked.root_name
        )
    import_people(campaign=campaign, rows=plan.people)
    locked.delete()
    return campaign

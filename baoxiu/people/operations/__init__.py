"""C9: the verbs of people. Each raises Denied when the actor may not, Invalid when a value cannot stand."""

from baoxiu.people.operations.customers import (
    add_contact,
    add_person,
    add_site,
    assign_account_manager,
    create_customer,
    remove_contact,
    remove_person,
    update_customer,
    update_site,
)
from baoxiu.people.operations.keys import create_key, revoke_key
from baoxiu.people.operations.staff import (
    INVITATION_DAYS,
    InvitationUnusable,
    accept_invitation,
    add_absence,
    create_staff,
    deactivate,
    invite,
    invited,
    reactivate,
    remove_absence,
    remove_skill,
    set_skill,
    update_staff,
)
from baoxiu.people.operations.stations import save_skill, save_station, save_team
from baoxiu.people.rules import Denied, Invalid

__all__ = [
    "INVITATION_DAYS",
    "Denied",
    "Invalid",
    "InvitationUnusable",
    "accept_invitation",
    "add_absence",
    "add_contact",
    "add_person",
    "add_site",
    "assign_account_manager",
    "create_customer",
    "create_key",
    "create_staff",
    "deactivate",
    "invite",
    "invited",
    "reactivate",
    "remove_absence",
    "remove_contact",
    "remove_person",
    "remove_skill",
    "revoke_key",
    "save_skill",
    "save_station",
    "save_team",
    "set_skill",
    "update_customer",
    "update_site",
    "update_staff",
]

"""The titles of the records' fields, marked for translation: rooms know no gettext."""

from django.utils.translation import gettext_noop as N_

TITLES = frozenset(
    {
        N_("Account manager"),
        N_("Administrator"),
        N_("Agent"),
        N_("Certificate valid until"),
        N_("Chinese name"),
        N_("Code"),
        N_("Dispatcher"),
        N_("English name"),
        N_("First day away"),
        N_("First day back"),
        N_("In use"),
        N_("It is a company"),
        N_("Level (1–5)"),
        N_("Manager"),
        N_("Model code"),
        N_("Model name"),
        N_("Name of the place"),
        N_("Station name"),
        N_("Team name"),
        N_("Or of the company"),
        N_("Own number of the customer"),
        N_("Position"),
        N_("Region"),
        N_("Service engineer"),
        N_("Skill"),
        N_("Skill needed"),
        N_("Station head"),
        N_("Stock keeper"),
        N_("Team"),
        N_("Time zone"),
        N_("Warranty (months)"),
        N_("What it is for"),
        N_("Where it stands"),
        N_("Whose"),
        N_("With the roles of"),
    }
)

"""What the figures are called, and what they mean (message ids)."""

from vipservice.rules.refusals import N_

HEADINGS = {
    "id": N_("Id"), "name": N_("Name"), "chats": N_("Questions"), "contacts": N_("Contacts"),
    "offered": N_("Counted for the promise"), "within": N_("Picked up in time"),
    "percent_within": N_("In time, %"), "breached": N_("Not picked up in time"),
    "late": N_("Promises broken"), "left_in_time": N_("Withdrawn in time"),
    "picked": N_("Picked up"), "average_pickup_minutes": N_("Average pick-up, minutes"),
    "median_pickup_minutes": N_("Median pick-up, minutes"),
    "p90_pickup_minutes": N_("90th percentile pick-up, minutes"),
    "reply_offered": N_("Answers waited for"), "reply_within": N_("Answered in time"),
    "percent_reply_within": N_("Answered in time, %"),
    "callback_offered": N_("Callbacks promised"), "callback_within": N_("Called back in time"),
    "percent_callback_within": N_("Called back in time, %"),
    "closed": N_("Closed"), "answered": N_("Answered"),
    "answered_unconfirmed": N_("Answered, not confirmed"), "incident": N_("Made an incident"),
    "callback": N_("Called back instead"), "withdrawn": N_("Withdrawn"),
    "first_contact": N_("Solved at first contact"),
    "percent_first_contact": N_("Solved at first contact, %"),
    "transfers": N_("Handed over"),
    "repeats": N_("Asked again"), "percent_repeats": N_("Asked again, %"),
    "average_handling_minutes": N_("Handling, minutes"),
    "average_parked_minutes": N_("Parked, minutes"),
    "weekday": N_("Weekday (0 is Monday)"), "hour": N_("Hour"), "minutes": N_("At most, minutes"),
    "percent": N_("Share, %"),
}  # fmt: skip

DEFINITIONS = {
    "percent_within": N_(
        "Picked up within the target ÷ counted. Counted are the questions that were picked up and "
        "those whose promise broke. What was withdrawn in time does not count."
    ),
    "late": N_("Promises that broke in this period, whenever the question was asked."),
    "median_pickup_minutes": N_(
        "Half was picked up within this time. Opening time, in whole minutes; above 30 minutes in "
        "steps."
    ),
    "p90_pickup_minutes": N_("Nine out of ten were picked up within this time."),
    "average_pickup_minutes": N_("Average time until pick-up, in opening time."),
    "percent_reply_within": N_(
        "Answered within the internal target, each time that the customer waited for an answer."
    ),
    "percent_first_contact": N_(
        "Closed without incident and without a new question of that municipality on that topic "
        "within 7 days ÷ closed, without what was withdrawn."
    ),
    "percent_repeats": N_(
        "Followed within 7 days by a new question of that municipality on that topic, or by "
        "reopening ÷ closed, without what was withdrawn."
    ),
    "average_handling_minutes": N_(
        "Opening time in hand with a specialist, for each closed conversation. Without the time "
        "that it was parked."
    ),
    "average_parked_minutes": N_("Opening time parked, for each closed conversation."),
    "incident": N_("Closed by making an incident of it."),
    "transfers": N_(
        "Went on to a colleague or another team, each time, for who had the conversation."
    ),
}

"""Contradictions written into the demonstration on purpose, so that people see them pointed out.

| rule | where | what |
|---|---|---|
| returned_exceeds_issued | the first district's form batch | 80 forms issued, 104 returned |
| valid_exceeds_returned | the anonymous batch of the bureau | 45 returned, 47 valid |
| rate_without_denominator | the second district's form batch | 36 returned, issued not known |
| rate_without_denominator | a stated fact | 98 % taking part, of nobody knows what |
| attendance_exceeds_roster | the third study session of the study centre group | present, but no member |
| date_outside_phase | a discussion of the last district | dated in the phase after its own |
| result_before_cause | a talk | held after the democratic-life meeting it is meant to feed |
| more_delegates_than_electorate | the district's poll | 22 ballots issued to teachers, 24 returned |
| tally_exceeds_valid | the district's poll | more answers than valid ballots |
| closed_without_evidence | an issue | closed, with nothing handed in or verified |
| closed_without_echo | an issue | closed, with one opinion unanswered |
| accepted_before_filed | the second district's analysis report | accepted the week before it was handed in |
| placeholder_left | a remark of the third district | a blank of the model text left in |

All other records agree with one another; a test holds the findings to exactly these."""

from __future__ import annotations

from .county import County
from .meetings import Diary


def build(county: County, diary: Diary) -> None:
    """Those that are activities or attendance rows; the others are planted where their tables are written."""
    titles, bureau, district = diary.words["titles"], county.bureau, county.districts[-1]
    session = [row["code"] for row in county.book.tables["activities"]
               if row["kind"] == "centre_group_study"][2]
    stranger = county.division("tech").people[1]
    county.book.add("attendance", activity=session, person=stranger.code, status="present", made_up_on=None)
    county.plant("attendance_exceeds_roster", session,
                 f"{stranger.code} is no member of the study centre group")

    theme = diary.words["themes"]["discussion"][0]
    code = diary.hold(district, "discussion", titles["discussion"].format(theme=theme), "P1",
                      county.day(-8, 3), "15:00", headcount="28", theme=theme, code=f"{district.code}-T9")
    county.plant("date_outside_phase", code, "filed under the first phase, dated in the second")

    one, other = bureau.of("leader")[5:7]
    code = diary.hold(bureau, "talk", titles["talk"], "P2", county.day(-4, 0), "16:00", host=one.code,
                      counterpart=other.code, pair="leader_leader", code="TX-9")
    county.plant("result_before_cause", code, "a talk after the meeting it is meant to feed")

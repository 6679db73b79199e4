"""The rooms of the house, in order. This one list drives INSTALLED_APPS, the start-up registration,
the navigation, the README's map and the import contracts (`tests/architecture` compares them).

Direction: shell → outputs → flow → ground; inside `ground` and `flow` a room may import only rooms
that stand above it in this list.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    layer: str
    name: str
    holds: str
    django: bool = True

    @property
    def path(self) -> str:
        return f"zhixing.{self.layer}.{self.name}"


ROOMS: tuple[Room, ...] = (
    Room("ground", "kernel", "clock, calendar, counts, hashing, plain types", django=False),
    Room("ground", "ledger", "who did what, append-only, tamper-evident"),
    Room("ground", "units", "the dated tree of units; people, groups; programmes"),
    Room("ground", "accounts", "sign-in, grants over a subtree, Actor"),
    Room("ground", "figures", "the engine of figures: value, by unit, evidence, freezing"),
    Room("ground", "workbook", "the engine of tables: in, out, every fault named"),
    Room("ground", "files", "evidence files of any record: checks, checksums, pictures"),
    Room("ground", "text", "text analytics without Django", django=False),
    Room("flow", "campaigns", "template packs, phases, participants, appointments, facts, remarks"),
    Room("flow", "activities", "meetings, study sessions, lectures, talks, visits; attendance"),
    Room("flow", "study", "materials, notes, topics, reports, standing rules"),
    Room("flow", "opinions", "what was heard: channels, form batches, opinions, echoes"),
    Room("flow", "issues", "what it comes to: mapping, the list, dispatch, verified closure"),
    Room("flow", "ballots", "the secret vote and its counted result"),
    Room("flow", "supervision", "inspections, information items, publicity, distinctions"),
    Room("flow", "filings", "papers handed in"),
    Room("flow", "checks", "contradictions that span rooms"),
    Room("flow", "duties", "who owes what by when; may this unit leave the phase?"),
    Room("outputs", "boards", "screens of figures"),
    Room("outputs", "documents", "official papers around figures"),
    Room("outputs", "public", "pages without an account"),
    Room("outputs", "archive", "the package that proves itself"),
    Room("shell", "desk", "pages that show several rooms"),
)


def django_rooms() -> list[str]:
    return [room.path for room in ROOMS if room.django]

"""The stage summary 阶段小结: what a unit did in a phase, what came of it, what is not yet good, what comes
next. It never goes out without its problems."""

from ..types import Kind

KIND = Kind("stage_summary", by_phase=True, honest=True)

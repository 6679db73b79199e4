"""The plan 实施方案: what is to be done, by phase and month, and what is asked of the units."""

from ..types import Kind

KIND = Kind("plan", scheduled=True)

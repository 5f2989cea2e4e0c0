"""How the property tests are run: the same examples every time, or new ones with ``--hypothesis-profile=explore``."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

#: Examples are made from seeds: another seed is no simpler example, so none is looked for.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

settings.register_profile("explore", max_examples=40, deadline=None, phases=_PHASES, suppress_health_check=_SLOW)
settings.register_profile(
    "same", parent=settings.get_profile("explore"), derandomize=True, print_blob=True, database=None
)
settings.load_profile("same")

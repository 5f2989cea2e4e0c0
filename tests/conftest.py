"""How the property tests are run: the same examples every time in CI, new ones elsewhere."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

#: Examples are made from seeds: another seed is no simpler example, so none is looked for.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

settings.register_profile("default", max_examples=40, deadline=None, phases=_PHASES, suppress_health_check=_SLOW)
settings.register_profile(
    "ci", parent=settings.get_profile("default"), derandomize=True, print_blob=True, database=None
)
settings.load_profile("ci" if os.environ.get("CI") else "default")

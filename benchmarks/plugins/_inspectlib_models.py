"""Where the models are: beside this folder, or where INSPECTLIB_MODELS says."""

import os
from pathlib import Path

MODELS = Path(os.environ.get("INSPECTLIB_MODELS", Path(__file__).parent.parent / "models"))

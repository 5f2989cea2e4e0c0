"""A model of samples: how often the same service would get another rating with another sample of its cases."""

from inspectlib.sampling.simulation import Chances, Drawn, Simulation, simulate

__all__ = ["Chances", "Drawn", "Simulation", "simulate"]

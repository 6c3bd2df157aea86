"""The plan of steps and the engine that runs them."""

"""Runs models on devices: frames, transports, the device, and the comparison with the reference."""

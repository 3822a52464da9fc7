"""tinygen: a quantized .tflite model goes in, standalone C for a small chip comes out."""

__version__ = "0.1.0"

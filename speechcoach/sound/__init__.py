"""From a file to what the signal tells: samples, then level, speech, voicing and F0 every 10 ms.

`audio` is the only door for sound files, with `decoding` (FFmpeg's libraries) behind it; `frames`
computes the signal once, out of `level`, `pitch`, `voice` and `activity`.
"""

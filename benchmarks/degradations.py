"""What rooms, devices and meeting apps do to a recording, as pure functions on samples.

Each takes mono samples (float32, full scale 1.0, 16 kHz) and returns as many; nothing is moved in
time. Levels of what is added are relative to the speech: the RMS of `speech`, the samples that are.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

RATE = 16_000
Samples = NDArray[np.float32]


def automatic_gain(
    samples: Samples,
    most: float,
    release: float,
    *,
    target: float = -25.0,
    attack: float = 0.02,
    least: float = -8.0,
) -> Samples:
    """Bring the level to `target` dB with a gain of `least` to `most` dB.

    The gain falls within `attack` seconds and rises with the time constant `release`: in a pause it
    climbs, and the room's noise with it.
    """
    step = RATE // 200
    blocks = np.pad(samples, (0, -samples.size % step)).reshape(-1, step).astype(np.float64)
    level = 10 * np.log10(np.mean(blocks**2, axis=1) + 1e-12)
    gain, gains = 0.0, np.empty(len(level))
    for i, wanted in enumerate(np.clip(target - level, least, most)):
        gain += (wanted - gain) * (1 - np.exp(-0.005 / (attack if wanted < gain else release)))
        gains[i] = gain
    at = (np.arange(len(level)) + 0.5) * step
    curve = np.interp(np.arange(samples.size), at, gains)
    return np.clip(samples * 10 ** (curve / 20), -1, 1).astype(np.float32)


def hum(
    samples: Samples, speech: Samples, over: float, *, mains: float = 50.0, harmonics: float = 1.0
) -> Samples:
    """Add a mains hum `over` dB above the speech; harmonics fall with 1/k to that power.

    `harmonics` of infinity is a bare sine. Mains wander: 0.02 Hz to either side within a minute.
    """
    time = np.arange(samples.size) / RATE
    phase = 2 * np.pi * mains * time + 0.02 * 60 * np.sin(2 * np.pi * time / 60)
    rng = np.random.default_rng(3)
    sound = sum(k**-harmonics * np.sin(k * phase + rng.uniform(0, 2 * np.pi)) for k in range(1, 21))
    return _added(samples, sound, speech, over)


def reverberation(samples: Samples, rt60: float, *, direct: float = 0.0, seed: int = 0) -> Samples:
    """Put the speaker in a room: exponentially decaying noise after the direct sound.

    `direct` is the direct sound's level over that of all reflections, in dB; the room answers from
    2 ms on, and high tones decay faster, as they do.
    """
    size = round(1.2 * rt60 * RATE)
    time = np.arange(size) / RATE
    tail = np.random.default_rng(seed).standard_normal(size) * 10 ** (-3 * time / rt60)
    tail[: round(0.002 * RATE)] = 0
    b, a = butter(1, 5000, fs=RATE)
    tail = lfilter(b, a, tail)
    tail *= 10 ** (-direct / 20) / np.sqrt(np.sum(tail**2))
    tail[0] += 1
    wet = fftconvolve(samples, tail)[: samples.size]
    return (wet / max(1.0, np.abs(wet).max())).astype(np.float32)


def noise(
    samples: Samples, speech: Samples, below: float, *, colour: float = 0.0, seed: int = 0
) -> Samples:
    """Add noise `below` dB under the speech; its power falls as 1/f to the power of `colour`.

    0 is white, 1 pink, 2 brown, -1 blue.
    """
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples.size))
    hertz = np.fft.rfftfreq(samples.size, 1 / RATE)
    sound = np.fft.irfft(spectrum * np.maximum(hertz, 50) ** (-colour / 2), samples.size)
    return _added(samples, sound, speech, -below)


def fan(samples: Samples, speech: Samples, below: float, *, seed: int = 0) -> Samples:
    """Add a fan `below` dB under the speech: low noise, blades at 95 Hz, a slow beat."""
    rng = np.random.default_rng(seed)
    time = np.arange(samples.size) / RATE
    air = sosfilt(butter(2, 800, fs=RATE, output="sos"), rng.standard_normal(samples.size))
    blades = sum(np.sin(2 * np.pi * 95.3 * k * time) / k**1.5 for k in range(1, 6))
    beat = 1 + 0.15 * np.sin(2 * np.pi * 0.4 * time)
    return _added(samples, beat * (air / air.std() + 0.5 * blades), speech, -below)


def music(
    samples: Samples, speech: Samples, below: float, *, kind: str = "band", seed: int = 0
) -> Samples:
    """Add music `below` dB under the speech: a "piano", sustained "strings", or a "band"."""
    return _added(samples, _tune(samples.size, kind, seed), speech, -below)


def noise_gate(
    samples: Samples,
    threshold: float,
    *,
    hold: float = 0.1,
    release: float = 0.1,
    attack: float = 0.005,
    closed: float = -90.0,
) -> Samples:
    """Turn what stays under `threshold` dB for `hold` seconds down by `closed` dB."""
    step = RATE // 200
    blocks = np.pad(samples, (0, -samples.size % step)).reshape(-1, step).astype(np.float64)
    level = 10 * np.log10(np.mean(blocks**2, axis=1) + 1e-12)
    gain, since, gains = closed, hold, np.empty(len(level))
    for i, loud in enumerate(level > threshold):
        since = 0.0 if loud else since + 0.005
        if since < hold:
            gain = min(0.0, gain - closed * 0.005 / attack)
        else:
            gain = max(closed, gain + closed * 0.005 / release)
        gains[i] = gain
    curve = np.interp(np.arange(samples.size), (np.arange(len(level)) + 0.5) * step, gains)
    return (samples * 10 ** (curve / 20)).astype(np.float32)


def _added(samples: Samples, sound: NDArray, speech: Samples, over: float) -> Samples:
    """Return `samples` with `sound` at `over` dB relative to the speech."""
    wanted = np.sqrt(np.mean(speech.astype(np.float64) ** 2)) * 10 ** (over / 20)
    mixed = samples + sound * wanted / np.sqrt(np.mean(sound**2))
    return (mixed / max(1.0, np.abs(mixed).max())).astype(np.float32)


def _tune(size: int, kind: str, seed: int) -> NDArray[np.float64]:
    """Return chords that change every bar, with a melody, a bass and drums where it is a band."""
    rng = np.random.default_rng(seed)
    beat = {"piano": 0.5, "strings": 1.6, "band": 0.45}[kind]
    scale = 220 * 2 ** (np.array([-12, -10, -8, -7, -5, -3, -1, 0, 2, 4, 5, 7, 9, 11, 12]) / 12)
    sound = np.zeros(size + 4 * RATE)
    root = 0
    for i in range(int(size / RATE / beat) + 1):
        root = root if i % 4 else int(rng.integers(0, 8))
        notes = [root, root + 2, root + 4] if i % 2 == 0 or kind == "strings" else []
        notes.append(int(rng.integers(5, 15)))
        for note in notes:
            tone = _note(scale[note], beat * (3 if kind == "piano" else 1.2), kind, rng)
            first = round(i * beat * RATE)
            sound[first : first + tone.size] += tone
        if kind == "band":
            hit = rng.standard_normal(RATE // 5) * np.exp(-30 * np.arange(RATE // 5) / RATE)
            sound[round(i * beat * RATE) :][: hit.size] += (1.5 if i % 2 else 0.7) * hit
            kick = np.sin(2 * np.pi * 60 * np.arange(RATE // 5) / RATE)
            sound[round(i * beat * RATE) :][: kick.size] += kick * np.exp(
                -15 * np.arange(RATE // 5) / RATE
            )
    return sound[:size]


def _note(hz: float, seconds: float, kind: str, rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(round(seconds * RATE)) / RATE
    shake = 0.0 if kind == "piano" else 0.05 * np.sin(2 * np.pi * 5.5 * time + rng.uniform(0, 6))
    tone = sum(np.sin(k * (2 * np.pi * hz * time + shake)) / k**1.3 for k in range(1, 9))
    shape = np.exp(-3 * time) if kind != "strings" else np.minimum(1, time / 0.2)
    fade = np.minimum(1, np.minimum(time / 0.005, (time[-1] - time) / 0.05))
    return tone * shape * fade


def rumble(samples: Samples, speech: Samples, over: float, *, seed: int = 0) -> Samples:
    """Add what a table, a lorry or wind gives: noise under 40 Hz, `over` dB above the speech."""
    low = sosfilt(
        butter(4, 40, fs=RATE, output="sos"),
        np.random.default_rng(seed).standard_normal(samples.size),
    )
    return _added(samples, low, speech, over)

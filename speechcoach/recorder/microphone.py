"""The only door for the microphone: which inputs there are, and what one of them hears.

PortAudio talks to the terminal when something is missing; it is hushed, and what it means is said
in a sentence.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from speechcoach.errors import AudioError
from speechcoach.recorder.portaudio import hushed, portaudio

Receive = Callable[[bytes, bool], None]

LATENCY = 0.5
"""Seconds of sound that the system keeps for us while the machine is busy."""

TAIL = 0.15
"""Seconds that a block is under way at most; what is said just before the end still counts."""

RATES = (48_000, 44_100, 96_000, 32_000, 16_000)
"""Hz that are tried, after the device's own."""

MOST_OF_A_CARD = 2
"""Inputs from which on ALSA's devices without a card are servers, such as PulseAudio with 32."""

PLUG_IN = "Plug one in or allow this terminal to use it; 'speechcoach analyze FILE' needs none."
NONE = f"There is no microphone on this machine. {PLUG_IN}"
BUSY, WRONG_RATE, NO_SUCH_DEVICE, WRONG_CHANNELS = -9985, -9997, -9996, -9998


@dataclass(frozen=True)
class Device:
    """An input: its number and name, the system that offers it, and what it takes by itself."""

    number: int
    name: str
    system: str
    channels: int
    rate: int
    default: bool


@dataclass(frozen=True)
class Microphone:
    """A device with a form that it accepts: `rate` in Hz, `channels` of 16 bits.

    `channel` is the only one that is wanted, from 1 on; None for whichever has the voice.
    """

    device: Device
    rate: int
    channels: int
    channel: int | None = None

    @contextlib.contextmanager
    def listening(self, receive: Receive) -> Iterator[None]:
        """Hand blocks to `receive` for as long as the context lasts, and `TAIL` longer.

        Raises
        ------
        AudioError
            If the device does not open.
        """
        with hushed():  # all the while: a device that goes makes PortAudio talk at any moment
            stream = self._open(receive)
            try:
                yield
                time.sleep(TAIL)
            finally:
                stream.abort()
                stream.close()

    def _open(self, receive: Receive) -> Any:
        def hear(block: Any, frames: int, clock: Any, status: Any) -> None:  # noqa: ARG001 - PortAudio's signature
            receive(bytes(block), status.input_overflow)

        sounddevice = portaudio()
        try:
            stream = sounddevice.RawInputStream(
                device=self.device.number,
                samplerate=self.rate,
                channels=self.channels,
                dtype="int16",
                latency=LATENCY,
                callback=hear,
            )
            stream.start()
        except sounddevice.PortAudioError as error:
            raise explained(error, self.device) from error
        return stream


def devices() -> tuple[Device, ...]:
    """Return every input of this machine, in PortAudio's order.

    Raises
    ------
    AudioError
        If PortAudio is missing or fails.
    """
    sounddevice = portaudio()
    with hushed():
        found = list(sounddevice.query_devices())
        systems = [system["name"] for system in sounddevice.query_hostapis()]
        default = sounddevice.default.device[0]
    return tuple(
        Device(
            number=device["index"],
            name=device["name"],
            system=systems[device["hostapi"]],
            channels=device["max_input_channels"],
            rate=round(device["default_samplerate"]),
            default=device["index"] == default,
        )
        for device in found
        if device["max_input_channels"] > 0
    )


def rates(device: Device) -> tuple[int, ...]:
    """Return the usual rates (Hz) that a device takes, lowest first."""
    channels = _channels(device, None)[0]
    return tuple(rate for rate in sorted({*RATES, device.rate}) if accepts(device, rate, channels))


def find(wanted: str | None, among: tuple[Device, ...]) -> Device:
    """Return the device of a number or part of a name; the default one for None.

    The same name offered by several systems means the one of the default device's system.

    Raises
    ------
    AudioError
        If there is no input, none like that, or more than one.
    """
    if not among:
        raise AudioError(NONE)
    if wanted is None:
        return next((device for device in among if device.default), among[0])
    found = [d for d in among if wanted == str(d.number)] or _named(wanted, among)
    if not found:
        raise AudioError(f"No input is called {wanted!r}: see 'speechcoach devices'.")
    if len(found) > 1:
        names = ", ".join(f"{device.number} {device.name}" for device in found)
        raise AudioError(f"{wanted!r} may mean {names}: name its number.")
    return found[0]


def _named(wanted: str, among: tuple[Device, ...]) -> list[Device]:
    name = wanted.casefold()
    part = [device for device in among if name in device.name.casefold()]
    found = [device for device in part if name == device.name.casefold()] or part
    usual = {device.system for device in among if device.default}
    return [device for device in found if device.system in usual] or found


def choose(wanted: str | None, channel: int | None = None) -> Microphone:
    """Return the microphone that is asked for, in a form it accepts: its own rate if it can be.

    Parameters
    ----------
    wanted : str, optional
        The device's number or part of its name; the default one if not told.
    channel : int, optional
        Which of its inputs is wanted, from 1 on.

    Raises
    ------
    AudioError
        With the next step.
    """
    device = find(wanted, devices())
    if channel is not None and channel > device.channels:
        inputs = "one input" if device.channels == 1 else f"{device.channels} inputs"
        raise AudioError(
            f"The microphone {device.name!r} has {inputs}: name one of them with --channel, or "
            "another microphone with --device."
        )
    forms = [
        (rate, channels)
        for channels in _channels(device, channel)
        for rate in (device.rate, *RATES)
    ]
    for rate, channels in forms:
        if accepts(device, rate, channels):
            return Microphone(device, rate, channels, channel)
    rate, channels = forms[0]
    try:
        _check(device, rate, channels)
    except portaudio().PortAudioError as error:
        raise explained(error, device) from error
    return Microphone(device, rate, channels, channel)


def accepts(device: Device, rate: int, channels: int) -> bool:
    """Tell whether a device takes 16-bit sound in this form."""
    try:
        _check(device, rate, channels)
    except portaudio().PortAudioError:
        return False
    return True


def _check(device: Device, rate: int, channels: int) -> None:
    with hushed():
        portaudio().check_input_settings(
            device=device.number, samplerate=rate, channels=channels, dtype="int16"
        )


def _channels(device: Device, channel: int | None) -> tuple[int, ...]:
    """Return how many channels to ask for, best first.

    All of them: which one the microphone is plugged into is heard. A sound server says that it has
    dozens, and mixes them where one is asked for.
    """
    every = device.channels
    if channel is not None:
        return tuple(dict.fromkeys((every, channel)))
    fewer = (count for count in (2, 1) if count < every)
    return (1, every) if _is_server(device) else (every, *fewer)


def _is_server(device: Device) -> bool:
    """Tell a server behind ALSA from a device, which ALSA names by its card."""
    return device.system == "ALSA" and device.channels > MOST_OF_A_CARD and "hw:" not in device.name


def explained(error: Exception, device: Device) -> AudioError:
    """Return PortAudio's error as a sentence with the next step."""
    code = error.args[1] if len(error.args) > 1 else 0
    said = str(error.args[0]).removeprefix("Error opening RawInputStream: ") if error.args else ""
    reason = {
        BUSY: "is busy: close the program that uses it, or name another with --device",
        WRONG_RATE: f"does not take {device.rate} Hz or any usual rate: name another with --device",
        WRONG_CHANNELS: "does not take its own channels: name another with --device",
        NO_SUCH_DEVICE: "has gone: plug it in again, or see 'speechcoach devices'",
    }.get(
        code,
        f"does not open ({said}): is it plugged in, free, and is this terminal allowed to use it? "
        "See 'speechcoach devices' for others",
    )
    return AudioError(f"The microphone {device.name!r} {reason}.")

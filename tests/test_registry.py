import pytest

from speechcoach.errors import UnknownNameError
from speechcoach.registry import Registry


@pytest.fixture
def registry():
    made = Registry("engine")
    made.add("whisper")("w")
    made.add("moonshine")("m")
    return made


def test_a_near_name_is_suggested(registry):
    with pytest.raises(UnknownNameError, match="no engine called 'wisper': did you mean whisper"):
        registry["wisper"]


def test_without_a_near_name_all_are_listed(registry):
    with pytest.raises(UnknownNameError, match="there are: moonshine, whisper"):
        registry["x"]


def test_a_name_is_registered_once(registry):
    with pytest.raises(ValueError, match="engine 'whisper' is registered twice"):
        registry.add("whisper")("again")

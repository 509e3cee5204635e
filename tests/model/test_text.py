from hypothesis import given
from hypothesis import strategies as st

from cockpit.model.text import harmless, storable


def test_escape_sequences_and_line_breaks_lose_their_power():
    assert harmless("alarm \x1b[2J\r\nred\x9b31m") == "alarm  [2J red 31m"


def test_halves_of_signs_go_and_a_file_can_hold_the_rest():
    assert harmless("ok \ud83d done") == "ok   done"
    assert storable("ok \ud83d – done") == "ok ? – done"


def test_signs_that_turn_the_writing_round_go():
    assert harmless("abc\u202egnp.exe", "") == "abcgnp.exe"


@given(st.text())
def test_nothing_is_left_that_a_terminal_obeys(text):
    assert all(sign.isprintable() or ord(sign) > 0x9F for sign in harmless(text))
    assert harmless("order-" + "".join(filter(str.isalnum, text))) == "order-" + "".join(filter(str.isalnum, text))

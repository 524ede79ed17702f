"""What somebody wrote back, without what they quote, and never what a program wrote."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repaircenter.central.core.secrets import Signer
from repaircenter.central.messages.bounces import return_address
from repaircenter.central.messages.replies import LONGEST_WORDS, read_reply

KEYED = Signer("secret")
TO = return_address(KEYED, "surveys@shop.example", 42)
ASKED = "> Comment s’est passée la réparation de votre véhicule chez Nord?\n> https://x.example/s/abc"


def mail(text: str, subtype: str = "plain", to: str = TO, **headers: str) -> bytes:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = "Ana <c1@example.com>", to, "Re: ?"
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text, subtype=subtype)
    return written.as_bytes()


@pytest.mark.parametrize(
    "quote",
    [
        f"Le ven. 27 nov. 2026 à 09:00, Nord <surveys@shop.example> a écrit :\n{ASKED}",
        f"On Fri, Nov 27, 2026 at 9:00 AM Nord <surveys@shop.example> wrote:\n{ASKED}",
        f"El vie, 27 nov 2026 a las 9:00, Nord (<surveys@shop.example>) escribió:\n{ASKED}",
        f"-----Original Message-----\nFrom: Nord <surveys@shop.example>\nSent: Friday\nTo: Ana\nSubject: x\n\n{ASKED}",
        f"De : Nord <surveys@shop.example>\nEnvoyé : vendredi\nÀ : Ana\nObjet : x\n\n{ASKED}",
        "",
    ],
    ids=["fr", "en", "es", "outlook en", "outlook fr", "none"],
)
def test_what_is_quoted_is_not_what_was_written(quote: str) -> None:
    reply = read_reply(KEYED, mail(f"Bonjour,\n\nLe pare-chocs vibre encore.\nMerci\n\n{quote}"))
    assert reply is not None and reply.message_id == 42
    assert reply.words.startswith("Bonjour,") and "vibre encore." in reply.words and "x.example" not in reply.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hola\nEl coche sigue mal.\nEl vie, 27 nov 2026, Nord\n(<a@b.c>) escribió:\n> q", "Hola\nEl coche sigue mal."),
        ("The door squeaks\nand my question is:\n> q", "The door squeaks\nand my question is:"),
        ("Le pare-chocs:\n> q\nvibre", "Le pare-chocs:\nvibre"),
        ("On 3 May 2026 Nord wrote:\n> Was it good?\nNo.", "No."),
        ("Merci\n-- \nAna", "Merci"),
    ],
)
def test_words_are_kept_when_in_doubt(text: str, words: str) -> None:
    reply = read_reply(KEYED, mail(text))
    assert reply is not None and reply.words == words


def test_half_a_sign_is_no_text() -> None:
    """UTF-7 can say it; the database cannot keep it."""
    reply = read_reply(KEYED, mail("Hi +2AA- there").replace(b"utf-8", b"utf-7"))
    assert reply is not None and reply.words.encode() == b"Hi ? there"


def test_a_mail_of_html_alone_is_read_as_text() -> None:
    html = "<html><head><style>p {color: red}</style></head><body><p>It rattles &amp; shakes.</p><p>Thanks</p></body></html>"
    reply = read_reply(KEYED, mail(html, "html"))
    assert reply is not None and reply.words.split() == ["It", "rattles", "&", "shakes.", "Thanks"]


def test_a_picture_and_an_attached_text_are_not_words() -> None:
    written = EmailMessage()
    written["To"] = TO
    written.set_content("Voici une photo.")
    written.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    written.add_attachment("secret", filename="notes.txt")
    reply = read_reply(KEYED, written.as_bytes())
    assert reply is not None and reply.words == "Voici une photo."


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example>"},
    ],
)
def test_what_a_program_wrote_is_no_reply(headers: dict[str, str]) -> None:
    assert read_reply(KEYED, mail("I am away", **headers)) is None
    assert read_reply(KEYED, mail("I am not away", Auto_Submitted="no")) is not None


def test_nobody_writes_in_a_customers_name() -> None:
    assert read_reply(Signer("other"), mail("x")) is None
    assert read_reply(KEYED, mail("x", to=TO.replace("+b42", "+b43"))) is None
    assert read_reply(KEYED, mail("x", to="surveys@shop.example")) is None
    assert read_reply(KEYED, mail("  \n ")) is None


def test_the_same_mail_is_the_same_reply() -> None:
    one, again, other = (read_reply(KEYED, mail(text)) for text in ("a", "a", "b"))
    assert one is not None and again is not None and other is not None
    assert one == again and one.digest != other.digest and len(one.digest) == 32
    numbered = mail("a", Message_ID="<1@x>")
    twice = (read_reply(KEYED, raw) for raw in (numbered, b"Received: by another way\n" + numbered))
    assert len({reply.digest for reply in twice if reply is not None}) == 1, "delivered twice, by two ways"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 500), st.sampled_from(["utf-8", "utf-7", "idna", "nothing"]))
def test_no_mail_breaks_the_reader(junk: bytes, at: int, charset: str) -> None:
    whole = mail("Bonjour").replace(b"utf-8", charset.encode())
    for raw in (junk, whole[:at] + junk + whole[at:]):
        reply = read_reply(KEYED, raw)
        assert reply is None or (reply.message_id == 42 and 0 < len(reply.words.encode()) <= 4 * LONGEST_WORDS)


@pytest.mark.parametrize("line", ["> ", "On ", "Le : ", "-", "From: a\n", "\n", "_", "a@b.c ", "El 1 a las "])
def test_a_long_mail_is_read_in_no_time(line: str) -> None:
    began = time.monotonic()
    for text in (line * 60_000, f"{line}\n" * 30_000):
        read_reply(KEYED, mail(text))
    assert time.monotonic() - began < 4

"""What a transaction changed, added up over several."""

import pytest

from vipservice.rules.news import AskedToCome, ChatNews, News, Read, Signal, merged
from vipservice.rules.people import Side
from vipservice.rules.shape import Named


def test_entries_are_told_from_the_first_to_the_last() -> None:
    news = ChatNews()
    for seq in (5, 4, 7):
        news.written(seq)
    assert (news.first, news.last) == (4, 7)


def test_what_changed_later_is_taken_in() -> None:
    first, later = (
        ChatNews(3, 4, read={Side.CENTRE}),
        ChatNews(5, 6, read={Side.REQUESTER}, public=True),
    )
    first.merge(later)
    assert first == ChatNews(3, 6, read={Side.CENTRE, Side.REQUESTER}, public=True)
    first.merge(ChatNews())
    assert first == ChatNews(3, 6, read={Side.CENTRE, Side.REQUESTER}, public=True)
    empty = ChatNews(public=True)
    empty.merge(ChatNews(2, 2))
    assert empty == ChatNews(2, 2, public=True)


def test_what_was_noted_is_told_until_somebody_else_read_on() -> None:
    """Who noted the second did not say who it was: that is read."""
    told = Read(Side.CENTRE, Named(id="s", name="Sanne"), 3)
    news = ChatNews(read={Side.CENTRE}, noted={Side.CENTRE: told})
    assert news.is_told
    news.merge(ChatNews(read={Side.REQUESTER}))
    assert not news.is_told
    assert news.noted == {Side.CENTRE: told}
    news.merge(ChatNews(read={Side.CENTRE}))
    assert news.noted == {}


def test_several_transactions_are_one_piece_of_news() -> None:
    signals: list[Signal] = [AskedToCome("a", "x"), AskedToCome("b", "x")]
    one = News(
        {"c": ChatNews(1, 1)}, {"i": True}, specialists={"s"}, queue=True, signals=signals[:1]
    )
    chats = {"c": ChatNews(2, 3), "d": ChatNews(1, 1, incidents=True)}
    two = News(chats, {"i": False, "j": False}, specialists={"t"}, signals=signals[1:])
    assert merged([one, two]) == News(
        {"c": ChatNews(1, 3), "d": ChatNews(1, 1, incidents=True)}, {"i": True, "j": False},
        specialists={"s", "t"}, queue=True, signals=signals,
    )  # fmt: skip
    assert merged([two, News(queue=True)]).queue


@pytest.mark.parametrize(
    "news",
    [
        News({"c": ChatNews()}), News(incidents={"i": False}), News(specialists={"s"}),
        News(queue=True), News(signals=[AskedToCome("a", "x")]),
    ],
)  # fmt: skip
def test_anything_at_all_is_news(news: News) -> None:
    assert news
    assert not News()


def test_a_chat_is_noted_once() -> None:
    news = News()
    news.chat("c").written(3)
    news.chat("c").written(4)
    assert news == News({"c": ChatNews(3, 4)})

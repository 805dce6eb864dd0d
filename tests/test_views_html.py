"""The report as one HTML file: nothing fetched, nothing run, every word in its place."""

import re

import pytest
from sample_report import report, view
from views_support import HOSTILE, SPELLED, Page, hard, hostile, untimed

from speechcoach.views import FORMATS
from speechcoach.views.page import environment, page

OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "p", "div",
    "span", "table", "thead", "tbody", "tr", "th", "td", "a", "ul", "ol", "li", "q", "footer",
}  # fmt: skip


def render(made=None, **options) -> Page:
    return Page(FORMATS["html"](view(made, **options)))


@pytest.mark.parametrize("kind", hard())
def test_nothing_is_fetched_and_nothing_is_run(kind):
    made, question = hard()[kind]
    found = Page(FORMATS["html"](view(made, question, explain=True)))
    assert found.tags <= OURS
    assert not found.open
    assert all(link.startswith("#") for link in found.links())
    assert not [name for _, names in found.elements for name in names if name.startswith("on")]
    (policy,) = [a["content"] for a in found.having("http-equiv")]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy


def test_the_style_fetches_nothing_either():
    style = re.search(r"<style>(.*)</style>", FORMATS["html"](view()), re.S).group(1)
    assert "--text" in style
    assert not re.search(r"url\(|@import|expression", style)


def test_what_is_hostile_is_only_read():
    made, question = hostile()
    text = FORMATS["html"](view(made, question))
    found = Page(text)
    assert "<script" not in text
    assert "<img" not in text
    # title twice, warning, word, fillers, part, element, avoid, other measurement, rules ...
    assert found.text.count(SPELLED) >= 9
    assert HOSTILE not in text


def test_braces_are_no_templates():
    made = report(warnings=("{{ 7 * 7 }} {% include 'style.css' %}",))
    assert "Note: {{ 7 * 7 }} {% include 'style.css' %}" in render(made).text


def test_each_word_is_there_in_order_with_its_times():
    words = render().having("data-word")
    assert [int(a["data-word"]) for a in words] == list(range(15))
    spoken = report().transcript.words
    assert [float(a["data-start"]) for a in words] == [word.start for word in spoken]
    assert [float(a["data-end"]) for a in words] == [word.end for word in spoken]
    text = re.findall(r"<span data-word[^>]*>([^<]*)</span>", FORMATS["html"](view()))
    assert text == [word.text for word in spoken]


def test_fillers_are_marked_word_by_word_and_those_given_back_apart():
    marked = {int(a["data-word"]): a.get("class") for a in render().having("data-word")}
    assert {place: mark for place, mark in marked.items() if mark} == {
        1: "filler recovered",
        7: "filler",
        8: "filler",
    }
    assert sum("filler" in (a["class"] or "").split() for a in render().having("class")) == 3


def test_words_without_times_have_none():
    words = render(untimed(report())).having("data-word")
    assert len(words) == 15
    assert not [a for a in words if "data-start" in a or "data-end" in a]


def test_every_region_is_named_by_its_heading():
    found = render(explain=True)
    names = [a["aria-labelledby"] for tag, a in found.elements if tag == "section"]
    headings = [a["id"] for tag, a in found.elements if tag == "h2"]
    assert names == headings
    assert {"Scores", "Next", "Transcript", "Fillers", "Structure", "Content"} <= set(
        found.headings
    )


def test_no_name_is_given_twice_and_every_link_leads_somewhere():
    found = render(explain=True)
    names = [a["id"] for a in found.having("id")]
    assert len(names) == len(set(names))
    links = found.links()
    assert len(links) > 5
    assert {link.removeprefix("#") for link in links} <= set(names)


def test_each_figure_leads_to_its_source():
    text = FORMATS["html"](view())
    (number,) = re.findall(r"up to 5 <a href=\"#source-(\d+)\">", text)
    source = re.search(rf'<li id="source-{number}">(.*)</li>', text).group(1)
    assert "Laske &amp; DiGennaro Reed 2024" in source


def test_what_is_judged_is_said_in_words_as_well_as_in_colour():
    text = FORMATS["html"](view())
    assert '<td class="work">210 words/min, needs work</td>' in text
    assert '<td class="watch">2.4 s, worth a look</td>' in text
    assert '<td class="good">4.5 syllables/s</td>' in text


def test_elements_are_shown_with_the_sentence_they_rest_on():
    read = re.sub(r"\s+", " ", render().text)
    assert "yes You saw the other side. We, you know, talked it through. at 0:03" in read
    assert "no You learned." in read
    assert "avoid Blaming the other person. So, um, I called the ward." in read
    assert "no Task: missing" in read


def test_where_the_file_lies_is_not_told():
    """It is made to be sent on."""
    assert "/takes/" not in FORMATS["html"](view())
    assert "conflict_1.wav" in render().text


def test_the_language_and_the_size_of_the_screen_are_told():
    found = render()
    assert ("html", {"lang": "en"}) in found.elements
    assert [a["content"] for a in found.having("content") if a.get("name") == "viewport"]


def test_a_value_that_is_missing_is_a_fault_of_ours():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        page("progress.html", groups=[])  # the caution that it prints is missing


def test_every_template_escapes():
    for name in environment().list_templates(filter_func=lambda name: name.endswith(".html")):
        assert "|safe" not in environment().loader.get_source(environment(), name)[0]
    shown = environment().from_string('<a title="{{ x }}">{{ x }}</a>').render(x="<\x1b\">&'")
    assert shown == '<a title="&lt;&#34;&gt;&amp;&#39;">&lt;&#34;&gt;&amp;&#39;</a>'

"""Why a tag of HTML says that nobody is offered what is in its element."""

from translator.core.xml_spans import MarkupFile, Token, attribute

_ASIDE = ("footnote", "endnote", "rearnote", "note")


def why_held(file: MarkupFile, token: Token, name: str, *, in_nav: bool) -> str | None:
    """Why a start tag's own attributes hold its element back; None where they do not. name: without prefix."""

    def value(attribute_name: str) -> str | None:
        return attribute(file.text, token, attribute_name, html=file.html)

    tag = file.text[token.start : token.end].lower()
    if "translate" in tag:
        if (value("translate") or "").lower() == "no":
            return "not to be translated"
        if "notranslate" in (value("class") or "").split():
            return "not to be translated"
    if "hidden" in tag or "display" in tag:
        kind = value("epub:type") or ""
        style = (value("style") or "").replace(" ", "").lower()
        # A reading system shows its table of contents, all levels of it, also where the page does not.
        shown_later = in_nav or name in ("aside", "nav") or any(word in kind for word in _ASIDE)
        hidden = value("hidden")
        if (hidden is not None and hidden != "until-found" and not shown_later) or "display:none" in style:
            return "hidden"
    if "pagelist" in tag.replace("-", "") and name == "nav":
        return "page numbers"
    return None

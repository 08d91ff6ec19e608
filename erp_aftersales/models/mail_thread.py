# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import re

from odoo import api, models

_logger = logging.getLogger(__name__)

# Senders name the smaller set and write the larger one.
WIDER = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
}
LIKELY = ("utf-8", "gb18030")
AUTOMATIC_SUBJECT = re.compile(
    r"\s*[\[【]?(automatic reply|auto[ -]?reply|out of (the )?office|自动回复|自动答复)"
    r"\s*([:：\]】]|$)",
    re.IGNORECASE,
)


def is_automatic(message):
    """Whether a program answers in somebody's place (RFC 3834 and older habits)."""
    said = str(message.get("Auto-Submitted") or "").lower()
    precedence = str(message.get("Precedence") or "").lower().strip()
    return (
        said.startswith("auto-replied")
        or precedence in ("auto_reply", "auto-reply")
        or "X-Autoreply" in message
        or "X-Autorespond" in message
        or bool(AUTOMATIC_SUBJECT.match(str(message.get("Subject") or "")))
    )


def mend_charsets(message):
    """Give each text of a mail a charset that can read it.

    One unknown word in a header would else lose the whole mail.
    """
    for part in message.walk():
        if part.get_content_maintype() == "text":
            named = str(part.get_content_charset() or "")
            known = _readable(part.get_payload(decode=True) or b"", named)
            if known != named:
                part.set_param("charset", known)


def _readable(content, named):
    try:
        b"a".decode(named, "replace")
    except (LookupError, ValueError):
        for charset in LIKELY:
            try:
                content.decode(charset)
            except UnicodeDecodeError:
                continue
            return charset
        return LIKELY[0]
    return WIDER.get(named, named)


class MailThread(models.AbstractModel):
    """What comes in by mail for the desk is read, and robots are no customers."""

    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Read also what names its charset wrongly."""
        mend_charsets(message)
        return super().message_parse(message, save_original=save_original)

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """An automatic reply opens no ticket, and on a ticket it is no answer (L3)."""
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not is_automatic(message):
            return routes
        kept = [route for route in routes if route[0] != "helpdesk.ticket" or route[1]]
        if len(kept) < len(routes):
            _logger.info(
                "Ignored automatic reply from %s with Message-Id %s: no ticket",
                message_dict.get("email_from"),
                message_dict.get("message_id"),
            )
        if any(route[0] == "helpdesk.ticket" for route in kept):
            message_dict["message_type"] = "out_of_office"
        return kept

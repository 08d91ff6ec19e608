# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.tests import HttpCase
from odoo.tools.safe_eval import datetime, safe_eval, time

RECORDS = ("list", "kanban", "form", "calendar", "activity")
DATES = ("date", "datetime")
# What a calendar's frame names outside of its inner fields.
CALENDAR = ("date_start", "date_stop", "color")


class ScreensCommon(HttpCase):
    """Opens the screens of an action over the wire, as the browser does it."""

    def _open_action(self, action_id, user):
        """Load what stands behind a menu; a button's code is run to the next screen."""
        action = self.make_jsonrpc_request("/web/action/load", {"action_id": action_id})
        if action["type"] == "ir.actions.server":
            action = self.make_jsonrpc_request(
                "/web/action/run", {"action_id": action["id"]}
            )
        if action["type"] == "ir.actions.client":
            # Drawn by code of the browser, which has tours of its own.
            return self.assertTrue(action["tag"])
        self.assertEqual(action["type"], "ir.actions.act_window")
        return self._open_window(action, user)

    def _open_window(self, action, user):
        """Every view with what it asks for, then every filter and group."""
        self.model, self.user = action["res_model"], user
        self.context = self._evaluated(action["context"] or {})
        self.domain = self._evaluated(action["domain"] or [])
        search = [action["search_view_id"] and action["search_view_id"][0], "search"]
        views = self._call("get_views", [[*action["views"], search]])
        self.fields = views["models"][self.model]["fields"]
        for kind, view in views["views"].items():
            arch = etree.fromstring(view["arch"])
            with self.subTest(view=kind):
                if kind in RECORDS:
                    self._open_records(kind, arch, action["target"])
                elif kind in ("pivot", "graph"):
                    self._open_figures(arch)
                else:
                    self.assertEqual(kind, "search")
                    self._use_filters(arch)

    def _evaluated(self, expression):
        """A domain or context as the browser reads it, with its words for today."""
        if not isinstance(expression, str):
            return expression
        known = {
            "uid": self.user.id,
            "context_today": date.today,
            "relativedelta": relativedelta,
            "datetime": datetime,
            "time": time,
            "context": {},
            "allowed_company_ids": self.user.company_ids.ids,
            "current_date": str(date.today()),
        }
        return safe_eval(expression.replace(".to_utc()", "").strip(), known)

    def _open_records(self, kind, arch, target):
        """Three records with all that the view shows; of a dialogue a new one."""
        asked = self._specification(arch)
        if self.env[self.model]._transient or target == "new":
            self._call("onchange", [[], {}, [], asked])
            return
        if kind == "calendar":
            asked |= {arch.get(name): {} for name in CALENDAR if arch.get(name)}
        found = self._call(
            "web_search_read", [self.domain, asked], limit=3, context=self.context
        )
        visible = self.env[self.model].with_user(self.user)
        visible = visible.with_context(**self.context).search_count(
            self.domain, limit=3
        )
        self.assertEqual(len(found["records"]), visible)

    def _open_figures(self, arch):
        """The rows, columns and measures of a pivot or a graph."""
        groups, measures = [], ["__count"]
        for node in arch.iterchildren("field"):
            name = node.get("name")
            if node.get("type") == "measure":
                measures.append(f"{name}:{self.fields[name]['aggregator']}")
            else:
                groups.append(self._group(name, node.get("interval")))
        self._group_by(groups, measures)

    def _group(self, name, interval=None):
        is_date = self.fields[name]["type"] in DATES and ":" not in name
        return f"{name}:{interval or 'month'}" if is_date else name

    def _group_by(self, groups, measures=("__count",)):
        self._call(
            "formatted_read_group",
            [self.domain, groups, list(measures)],
            context=self.context,
        )

    def _use_filters(self, arch):
        for node in arch.iter("filter"):
            with self.subTest(filter=node.get("name")):
                domain = self._evaluated(node.get("domain") or "[]")
                self._call("search_count", [domain], context=self.context)
                context = self._evaluated(node.get("context") or "{}")
                groups = context.get("group_by") or []
                for group in [groups] if isinstance(groups, str) else groups:
                    name, _colon, interval = group.partition(":")
                    self._group_by([self._group(name, interval)])

    def _call(self, method, args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{self.model}/{method}",
            {"model": self.model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _specification(self, node):
        """What to ask of each record to fill a view; of inner lists only the names."""
        result = {}
        for child in node.iterchildren(tag=etree.Element):
            if child.tag != "field":
                result |= self._specification(child)
            elif child.get("name") in self.fields:
                field = self.fields[child.get("name")]
                result[child.get("name")] = (
                    {"fields": {"display_name": {}}} if field.get("relation") else {}
                )
        return result

# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import format_date


class AftersalesContractEvent(models.Model):
    """One step in a contract's life: who did what, from when, with which effect."""

    _name = "aftersales.contract.event"
    _description = "Event of a Contract"
    _order = "contract_id, date desc, id desc"
    _rec_name = "text"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date = fields.Date(
        string="From", required=True, help="The first day on which it counts."
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("start", "Start"),
            ("plan", "Change of plan"),
            ("renewal", "Renewal"),
            ("pause", "Pause"),
            ("lift", "Pause lifted"),
            ("end", "End"),
            ("metric", "Users, modules ..."),
            ("fees", "Own fees"),
        ],
        required=True,
    )
    args = fields.Json(help="What the sentence tells, for every language.")
    text = fields.Char(string="What", compute="_compute_text")
    amount = fields.Monetary(
        string="Effect",
        help="What it adds to, or takes from, what is to be invoiced of fees.",
    )

    @api.depends("kind", "args")
    @api.depends_context("lang")
    def _compute_text(self):
        for event in self:
            event.text = getattr(event, f"_say_{event.kind}")(event.args or {})

    @api.model
    def _plan_name(self, plan_id):
        return self.env["aftersales.plan"].browse(plan_id).exists().display_name or ""

    def _say_start(self, args):
        return self.env._("Begins with the plan %s", self._plan_name(args.get("plan")))

    def _say_plan(self, args):
        return self.env._(
            "Plan %(new)s instead of %(old)s",
            new=self._plan_name(args.get("plan")),
            old=self._plan_name(args.get("before")),
        )

    def _say_renewal(self, args):
        text = self.env._(
            "Renewed until %(day)s",
            day=format_date(self.env, args["until"]) if args.get("until") else "-",
        )
        if args.get("increase"):
            text = self.env._(
                "%(text)s, fees %(percent)s %% higher",
                text=text,
                percent=f"{args['increase']:g}",
            )
        return text

    def _say_pause(self, args):
        return self.env._("Rests until %s", format_date(self.env, args.get("until")))

    def _say_lift(self, args):
        return self.env._(
            "Does not rest until %s any more", format_date(self.env, args.get("until"))
        )

    def _say_end(self, args):
        if not args.get("last"):
            return self.env._("Has no end any more")
        day = format_date(self.env, args["last"])
        if args.get("refund") is False:
            return self.env._("Ends on %s, without refund", day)
        return self.env._("Ends on %s, days paid beyond are refunded", day)

    def _say_metric(self, args):
        field = self.env["aftersales.installation.metric"]._fields["metric"]
        labels = dict(field._description_selection(self.env))
        what = labels.get(args["metric"], "")
        if args.get("value") is None:
            before = f"{args['before']:g}"
            return self.env._(
                "%(what)s: %(before)s is taken back", what=what, before=before
            )
        return f"{what}: {args['value']:g}"

    def _say_fees(self, args):
        return self.env._("Own fees were changed")

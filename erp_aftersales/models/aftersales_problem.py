# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

ENDED = ("closed", "cancelled")


class AftersalesProblem(models.Model):
    """What several tickets have in common: owned, understood, mended for good (D6)."""

    _name = "aftersales.problem"
    _description = "Recurring Problem"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "priority desc, date_opened desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    number = fields.Char(default="/", readonly=True, copy=False, index=True)
    name = fields.Char(
        string="Subject",
        required=True,
        translate=True,
        tracking=True,
        help="What goes wrong again and again, in the customers' words.",
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("investigating", "Investigating"),
            ("known", "Cause known"),
            ("planned", "Fix planned"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="new",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")],
        default="1",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
        help="Sees to it that the problem is mended for good.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "aftersales_problem_res_users_rel",
        "problem_id",
        "user_id",
        string="Task force",
        domain="[('share', '=', False)]",
        help="Who looks for the cause together with the owner.",
    )
    service_id = fields.Many2one(
        "aftersales.service",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Open tickets of this service are compared with the problem.",
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Product area",
        ondelete="restrict",
        check_company=True,
        help="The category of the tickets; open ones of it are compared too.",
    )
    root_cause = fields.Html(translate=True, help="Why it happens, in the end.")
    workaround = fields.Html(
        translate=True, help="How customers get by until the fix is there."
    )
    lasting_fix = fields.Html(
        translate=True, help="What was changed so that it does not happen again."
    )
    release_id = fields.Many2one(
        "aftersales.release",
        string="Fixed in",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The release that brings the lasting fix.",
    )
    improvement = fields.Html(
        string="Improvement measure",
        translate=True,
        help="What you do better from now on, told to customers.",
    )
    is_published = fields.Boolean(
        string="Shown to customers",
        tracking=True,
        help="The improvement measure may be told to customers.",
    )
    date_opened = fields.Date(
        string="Opened on", required=True, default=fields.Date.context_today
    )
    date_closed = fields.Date(
        string="Closed on",
        compute="_compute_date_closed",
        store=True,
        readonly=False,
        copy=False,
    )
    ticket_ids = fields.One2many(
        "helpdesk.ticket",
        "problem_id",
        string="Tickets",
        help="The tickets that have this problem behind them.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for problem in self:
            parts = (problem.number if problem._origin else None, problem.name)
            problem.display_name = " ".join(part for part in parts if part)

    @api.depends("state")
    def _compute_date_closed(self):
        for problem in self:
            ended = problem.state in ENDED
            today = problem.company_id._aftersales_day(fields.Datetime.now())
            problem.date_closed = ended and (problem.date_closed or today)

    @api.constrains("state", "root_cause", "lasting_fix")
    def _check_closed(self):
        self.filtered(lambda problem: problem.state == "closed")._check_understood()

    def _check_understood(self):
        """Refuse to close what is not known and mended."""
        for problem in self:
            if is_html_empty(problem.root_cause) or is_html_empty(problem.lasting_fix):
                raise ValidationError(
                    self.env._(
                        "Problem %(problem)s cannot be closed without its root cause "
                        "and a lasting fix. Write them down first, or cancel it.",
                        problem=problem.display_name,
                    )
                )

    @api.constrains("date_opened", "date_closed")
    def _check_dates(self):
        for problem in self:
            if problem.date_closed and problem.date_closed < problem.date_opened:
                raise ValidationError(
                    self.env._(
                        "Problem %(problem)s is closed on %(closed)s, before it was "
                        "opened on %(opened)s. Change one of the days.",
                        problem=problem.display_name,
                        closed=problem.date_closed,
                        opened=problem.date_opened,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Give each its number; owner and task force follow what happens."""
        sequence = self.env["ir.sequence"]
        for vals in vals_list:
            if vals.get("number", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                vals["number"] = (
                    sequence.with_company(company).next_by_code("aftersales.problem")
                    or "/"
                )
        problems = super().create(vals_list)
        problems._aftersales_subscribe()
        return problems

    def write(self, vals):
        """Who joins the task force follows the problem."""
        result = super().write(vals)
        if vals.keys() & {"user_id", "user_ids"}:
            self._aftersales_subscribe()
        return result

    def _aftersales_subscribe(self):
        for problem in self:
            partners = (problem.user_id | problem.user_ids).partner_id
            problem.message_subscribe(partners.ids)

    def action_reopen(self):
        """Look into it again."""
        self.state = "investigating"

    def action_cancel(self):
        """Say that these tickets have no problem in common after all."""
        self.state = "cancelled"

# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

DISPATCH_STATES = [
    ("assigned", "Found by itself"),
    ("manual", "Chosen by a person"),
    ("later", "Waits for working hours"),
    ("nobody", "Nobody fits"),
]
# One run of the cron; what is left comes next time.
AT_ONCE = 1000


class HelpdeskTicket(models.Model):
    """A ticket finds its person, and says why (D1, C7)."""

    _inherit = "helpdesk.ticket"

    aftersales_dispatch = fields.Selection(
        DISPATCH_STATES,
        string="How it was assigned",
        readonly=True,
        copy=False,
        index=True,
        groups="base.group_user",
        help="Whom a person chooses stays, until they are changed by a person again.",
    )
    aftersales_dispatched_at = fields.Datetime(
        string="Assignment decided", readonly=True, copy=False, groups="base.group_user"
    )
    aftersales_dispatched_by_id = fields.Many2one(
        "res.users",
        string="Chosen by",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Empty: found by itself.",
    )
    aftersales_dispatch_args = fields.Json(
        readonly=True, copy=False, groups="base.group_user"
    )
    aftersales_dispatch_reason = fields.Char(
        string="Why they take it",
        compute="_compute_aftersales_dispatch_reason",
        groups="base.group_user",
        help="Why this person takes the ticket, or why nobody does.",
    )

    _assigned_date_user_idx = models.Index("(assigned_date, user_id)")

    @api.depends_context("lang", "tz")
    @api.depends("aftersales_dispatch", "aftersales_dispatch_args")
    def _compute_aftersales_dispatch_reason(self):
        dispatch = self.env["aftersales.dispatch"]
        dispatch._warm([ticket.aftersales_dispatch_args or {} for ticket in self])
        for ticket in self:
            ticket.aftersales_dispatch_reason = dispatch._sentence(ticket)

    @api.model
    def default_get(self, fields):
        """Who types a ticket is not who serves it, where it finds its person itself.

        OCA gives a new ticket to whoever makes it, a mail server's user included.
        """
        if "user_id" in fields and self._aftersales_finds_user():
            fields = [name for name in fields if name != "user_id"]
        return super().default_get(fields)

    @api.model
    def _aftersales_finds_user(self):
        context = self.env.context
        chosen = self.env["ir.default"]._get_model_defaults(self._name)
        if context.get("default_user_id") or chosen.get("user_id"):
            return False
        teams = self.env["helpdesk.ticket.team"]
        if context.get("default_team_id"):
            return context["default_team_id"] in teams._aftersales_dispatching()
        company_id = context.get("default_company_id") or self.env.company.id
        return teams._aftersales_dispatches_for(company_id)

    @api.model_create_multi
    def create(self, vals_list):
        """A ticket that nobody was chosen for finds its person (D1)."""
        for vals in vals_list:
            if vals.get("user_id"):
                vals.setdefault("aftersales_dispatch", "manual")
        tickets = super().create(vals_list)
        self.env["aftersales.dispatch"]._dispatch(tickets)
        return tickets

    def write(self, vals):
        """Whom a person chooses is remembered, and stays (D1)."""
        if "user_id" in vals and "aftersales_dispatch" not in vals:
            vals = {**vals, **self._aftersales_chosen(vals["user_id"])}
        return super().write(vals)

    @api.model
    def _aftersales_chosen(self, user_id):
        """The values of a person's choice; of none it is left to the dispatcher."""
        return {
            "aftersales_dispatch": "manual" if user_id else False,
            "aftersales_dispatched_at": fields.Datetime.now(),
            "aftersales_dispatched_by_id": self.env.uid if user_id else False,
            "aftersales_dispatch_args": False,
        }

    def _aftersales_waits(self):
        """Whether this ticket waits for somebody to take it."""
        self.ensure_one()
        merged = self.aftersales_merged_into_id or self.duplicate_id
        return not (self.user_id or self.stage_id.closed or merged) and self.active

    def _aftersales_due(self):
        """The next promise to the customer; none: False."""
        self.ensure_one()
        if self.response_deadline and not self.responded_at:
            return self.response_deadline
        return not self.resolved_at and self.resolution_deadline

    def _aftersales_leader(self):
        """Who looks for somebody where nobody fits."""
        self.ensure_one()
        contract = self.contract_id
        leaders = (
            contract.team_id.user_id,
            self.team_id.user_id,
            contract.service_manager_id,
        )
        return next(filter(None, leaders), self.env["res.users"])

    # Buttons

    def action_aftersales_candidates(self):
        """Open who could take this ticket, best first, with reasons."""
        self.ensure_one()
        wizard = self.env["aftersales.candidates"]._for_ticket(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who could take it?"),
            "res_model": "aftersales.candidates",
            "view_mode": "form",
            "res_id": wizard.id,
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_aftersales_assign(self, user, args=None):
        """Give these tickets to a person, whoever has them: a person's choice (D1).

        :param user: a record or its id; who is not in the ticket's team takes it along
        :param args: of the reason that was shown for the choice
        """
        user = self.env["res.users"].browse(user if isinstance(user, int) else user.id)
        # Who belongs to which team decides, also where the reader sees only their own.
        teams = user.sudo().helpdesk_team_ids.filtered("active")
        for ticket in self:
            vals = {"user_id": user.id, **self._aftersales_chosen(user.id)}
            vals["aftersales_dispatch_args"] = args or False
            if ticket.team_id not in teams:
                vals["team_id"] = ticket._aftersales_team_of(user, teams).id
            ticket.write(vals)
        # The leader's request to find somebody is answered.
        self.env["aftersales.dispatch"]._settle(self)

    def _aftersales_team_of(self, user, teams):
        """The team in which the user takes this ticket."""
        fits = teams.filtered(lambda t: t.company_id.id in (self.company_id.id, False))
        if not fits:
            raise UserError(
                self.env._(
                    "%(user)s is in no team of %(company)s and cannot take ticket "
                    "%(ticket)s: add them to a team, or choose somebody else.",
                    user=user.name,
                    company=self.company_id.name,
                    ticket=self.number,
                )
            )
        dedicated = self.sudo().contract_id.team_id
        return dedicated if dedicated in fits else fits[:1]

    # Runs

    @api.model
    def _aftersales_take_over(self, users):
        """Give on what these users leave behind, where they are away (D1)."""
        if self.env["helpdesk.ticket.team"]._aftersales_dispatching() and users:
            self._aftersales_take_over_found(Domain("user_id", "in", users.ids))

    @api.model
    def _aftersales_take_over_found(self, domain):
        domain &= Domain(
            [
                ("aftersales_dispatch", "in", ("assigned", "nobody")),
                ("stage_id.closed", "=", False),
            ]
        )
        # Colleagues' tickets change hands, whoever wrote down that somebody is ill.
        tickets = self.sudo().search(domain)
        if tickets:
            self.env["aftersales.dispatch"]._take_over(tickets)

    @api.model
    def _cron_aftersales_dispatch(self):
        """Give what waits to who fits by now, and take over from who is away."""
        teams = self.env["helpdesk.ticket.team"]._aftersales_dispatching()
        if not teams:
            return
        waiting = self.search(
            [
                ("user_id", "=", False),
                ("stage_id.closed", "=", False),
                "|",
                ("team_id", "=", False),
                ("team_id.active", "=", True),
            ],
            limit=AT_ONCE,
            order="priority desc, received_at, id",
        )
        got = waiting.try_lock_for_update(allow_referencing=True)
        self.env["aftersales.dispatch"]._dispatch(got)
        now = fields.Datetime.now()
        on_leave = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id.user_id", "!=", False),
                ("time_type", "=", "leave"),
                ("date_from", "<=", now),
                ("date_to", ">", now),
            ]
        )
        away = on_leave.resource_id.user_id
        self._aftersales_take_over_found(
            Domain("user_id", "in", away.ids)
            | Domain("user_id.active", "=", False)
            | Domain([("aftersales_dispatch", "=", "nobody"), ("user_id", "!=", False)])
        )

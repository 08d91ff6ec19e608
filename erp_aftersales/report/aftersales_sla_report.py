# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

from ..models.helpdesk_ticket_charging import SLA_STATES

MISSED = ("breached", "met_late")


class AftersalesSlaReport(models.Model):
    """What became of the promises: a row a ticket and target (D2, G1).

    States and deadlines are the clock's, which alone decides them. Of targets that are
    not decided yet, running ones and those at risk, nothing is met or missed.
    """

    _name = "aftersales.sla.report"
    _description = "Service Levels"
    _auto = False
    _rec_name = "ticket_id"
    _order = "received_at desc, id desc"
    _depends = {
        "aftersales.contract.term": ["contract_id", "date_start", "plan_id"],
        "contract.contract": ["aftersales_plan_id"],
        "helpdesk.ticket": [
            "active",
            "category_id",
            "channel_id",
            "closed_date",
            "commercial_partner_id",
            "company_id",
            "contract_id",
            "installation_id",
            "priority",
            "received_at",
            "resolution_deadline",
            "resolution_state",
            "resolved_at",
            "responded_at",
            "response_deadline",
            "response_state",
            "service_id",
            "stage_id",
            "team_id",
            "user_id",
        ],
        "helpdesk.ticket.stage": ["closed"],
    }

    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)
    target = fields.Selection(
        [("response", "Response"), ("resolution", "Resolution")],
        readonly=True,
        help="Whether the first answer was promised, or the solution.",
    )
    state = fields.Selection(SLA_STATES, readonly=True)
    met = fields.Float(
        string="Met (%)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="How many of a hundred targets were met. Targets that are not decided "
        "yet do not count.",
    )
    missed = fields.Integer(
        readonly=True, help="How many targets were missed, answered late or not yet."
    )
    minutes_late = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Minutes by the clock on the wall from the deadline to the answer or the "
        "solution, nights and holidays included; of what is still owed, until now.",
    )
    deadline = fields.Datetime(readonly=True)
    reached_at = fields.Datetime(
        string="Answered or solved",
        readonly=True,
        help="When the first answer was given, or the ticket was last solved.",
    )
    received_at = fields.Datetime(string="Received", readonly=True)
    priority = fields.Selection(
        lambda self: (
            self.env["helpdesk.ticket"]
            ._fields["priority"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned to", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    contract_id = fields.Many2one("contract.contract", readonly=True)
    plan_id = fields.Many2one(
        "aftersales.plan",
        readonly=True,
        help="The plan that promised it: of a closed ticket the one in force when it "
        "was closed, else today's.",
    )
    service_id = fields.Many2one("aftersales.service", readonly=True)
    category_id = fields.Many2one("helpdesk.ticket.category", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", readonly=True)
    installation_id = fields.Many2one("aftersales.installation", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    active = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT ticket.id * 2 + target.number AS id, ticket.id AS ticket_id,"
            " target.name AS target, target.state, target.deadline, target.reached_at,"
            " %(figures)s, ticket.received_at, ticket.priority, ticket.team_id,"
            " ticket.user_id, ticket.commercial_partner_id AS partner_id,"
            " ticket.contract_id, ticket.service_id, ticket.category_id,"
            " ticket.channel_id, ticket.installation_id, ticket.company_id,"
            " ticket.active,"
            " COALESCE(promise.plan_id, contract.aftersales_plan_id) AS plan_id"
            " FROM helpdesk_ticket AS ticket"
            " CROSS JOIN LATERAL %(targets)s"
            " LEFT JOIN contract_contract AS contract"
            " ON contract.id = ticket.contract_id"
            " LEFT JOIN LATERAL %(promise)s ON TRUE"
            " WHERE target.state != 'none'",
            figures=self._figures(),
            targets=self._targets(),
            promise=self._promise(),
        )

    def _targets(self):
        """The two targets of a ticket, each as a row."""
        return SQL(
            "(VALUES (0, 'response', ticket.response_state,"
            " ticket.response_deadline, ticket.responded_at),"
            " (1, 'resolution', ticket.resolution_state,"
            " ticket.resolution_deadline, ticket.resolved_at))"
            " AS target (number, name, state, deadline, reached_at)"
        )

    def _figures(self):
        """What is averaged and counted; an undecided target is neither met nor not.

        A target is met until the end of its minute (L1), so seconds do not count.
        """
        return SQL(
            "CASE WHEN target.state = 'met' THEN 100.0"
            " WHEN target.state IN %(missed)s THEN 0.0 END AS met,"
            " CASE WHEN target.state IN %(missed)s THEN 1 ELSE 0 END AS missed,"
            " CASE WHEN target.state IN %(missed)s THEN (EXTRACT(EPOCH FROM"
            " DATE_TRUNC('minute', CASE target.state WHEN 'breached'"
            " THEN %(now)s::timestamp ELSE target.reached_at END)"
            " - DATE_TRUNC('minute', target.deadline)) / 60)::integer"
            " END AS minutes_late",
            missed=MISSED,
            now=fields.Datetime.now(),
        )

    def _promise(self):
        """The plan in force today; of a closed ticket, when it was closed (L6)."""
        # The zone is no secret, and the days of a company's tickets end by it (R1),
        # also of one that is archived.
        companies = (
            self.env["res.company"].sudo().search([("active", "in", [True, False])])
        )
        zones = SQL(", ").join(
            SQL("(%s, %s)", company.id, company._aftersales_tz())
            for company in companies
        )
        return SQL(
            "(SELECT term.plan_id FROM aftersales_contract_term AS term"
            " JOIN helpdesk_ticket_stage AS stage ON stage.id = ticket.stage_id"
            " JOIN (VALUES %(zones)s) AS zones (company_id, tz)"
            " ON zones.company_id = ticket.company_id"
            " WHERE term.contract_id = ticket.contract_id AND term.date_start <="
            " (COALESCE(CASE WHEN stage.closed"
            " THEN COALESCE(ticket.resolved_at, ticket.closed_date) END,"
            " %(now)s::timestamp) AT TIME ZONE 'UTC' AT TIME ZONE zones.tz)::date"
            " ORDER BY term.date_start DESC, term.id DESC LIMIT 1) AS promise",
            zones=zones,
            now=fields.Datetime.now(),
        )

    def action_open_ticket(self):
        """Open the ticket whose promise this is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "view_mode": "form",
            "res_id": self.ticket_id.id,
        }

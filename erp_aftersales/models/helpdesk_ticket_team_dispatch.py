# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models, tools


class HelpdeskTicketTeam(models.Model):
    """A team whose tickets find their person by themselves (D1)."""

    _inherit = "helpdesk.ticket.team"

    # On by default: who makes a team with members expects that its work is shared out,
    # nobody is chosen who cannot serve it, and a person's own choice always stands.
    aftersales_dispatch = fields.Boolean(
        string="Assign automatically",
        default=True,
        groups="base.group_user",
        help="A ticket without a user goes to who has the skills, is there and has the "
        "least to do; it says why. Whom a person chooses always stays.",
    )
    aftersales_duty_ids = fields.One2many(
        "aftersales.duty", "team_id", string="Duty plan", groups="base.group_user"
    )

    def _init_column(self, column_name):
        """Teams from before go on assigning by hand, until somebody switches it on.

        Else all tickets that lie there would be given out by the next run.
        """
        if column_name == "aftersales_dispatch":
            return None
        return super()._init_column(column_name)

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        self.env.registry.clear_cache()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"aftersales_dispatch", "active", "company_id"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _aftersales_dispatching(self):
        """Company (False: all of them) by team that assigns by itself.

        Asked whenever a ticket is made, so it is kept in memory.
        """
        # Whether a team assigns by itself decides, not what the writer may see.
        teams = self.sudo().search_fetch(
            [("aftersales_dispatch", "=", True)], ["company_id"]
        )
        return {team.id: team.company_id.id for team in teams}

    @api.model
    def _aftersales_dispatches_for(self, company_id):
        """Whether a ticket of the company may be assigned automatically."""
        companies = set(self._aftersales_dispatching().values())
        return bool(companies & {company_id, False})

# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesDuty(models.Model):
    """Who can be reached for a team outside its hours (D1, L5)."""

    _name = "aftersales.duty"
    _description = "Duty"
    _order = "date_from, team_id, user_id, id"
    _check_company_auto = True

    team_id = fields.Many2one(
        "helpdesk.ticket.team", required=True, index=True, ondelete="cascade"
    )
    team_user_ids = fields.Many2many(related="team_id.user_ids")
    user_id = fields.Many2one(
        "res.users",
        string="On duty",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False), ('id', 'in', team_user_ids)]",
    )
    date_from = fields.Datetime(string="From", required=True, index=True)
    date_to = fields.Datetime(string="To", required=True)
    note = fields.Char(help="How they are reached: a telephone, who stands in.")
    company_id = fields.Many2one(related="team_id.company_id", store=True, index=True)
    hole = fields.Char(
        string="Nobody afterwards",
        compute="_compute_hole",
        help="When after this duty, and before the next one of the team, neither the "
        "team works nor anybody is on duty.",
    )
    has_hole = fields.Boolean(compute="_compute_hole")

    _ends_after_begin = models.Constraint(
        "CHECK (date_to > date_from)", "A duty ends after it begins."
    )

    @api.depends("team_id", "user_id")
    def _compute_display_name(self):
        for duty in self:
            names = duty.user_id.name, duty.team_id.name
            duty.display_name = ", ".join(filter(None, names))

    @api.depends("team_id", "date_from", "date_to")
    def _compute_hole(self):
        holes = self.env["aftersales.dispatch"]._duty_holes(self)
        for duty in self:
            duty.hole = holes.get(duty.id, False)
            duty.has_hole = bool(duty.hole)

    @api.constrains("team_id", "user_id")
    def _check_member(self):
        for duty in self:
            # Who belongs to the team counts, also where the planner cannot see it.
            if duty.user_id not in duty.team_id.sudo().user_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s is no member of the team '%(team)s': add them to the "
                        "team, or choose one of its members.",
                        user=duty.user_id.name,
                        team=duty.team_id.name,
                    )
                )

    @api.constrains("team_id", "user_id", "date_from", "date_to")
    def _check_once(self):
        others = self.search(
            [
                ("team_id", "in", self.team_id.ids),
                ("user_id", "in", self.user_id.ids),
                ("date_from", "<", max(self.mapped("date_to"))),
                ("date_to", ">", min(self.mapped("date_from"))),
            ]
        )
        for duty in self:
            for other in others - duty:
                if duty._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "%(user)s is on duty for '%(team)s' in that time already: "
                            "change the duty that is planned.",
                            user=duty.user_id.name,
                            team=duty.team_id.name,
                        )
                    )

    def _overlaps(self, other):
        return (
            self.team_id == other.team_id
            and self.user_id == other.user_id
            and self.date_from < other.date_to
            and other.date_from < self.date_to
        )

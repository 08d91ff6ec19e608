# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from operator import ge, gt, le, lt

from odoo import api, fields, models

# Fewer people than this, and one who falls ill stops the service.
ENOUGH_PEOPLE = 2
COMPARISONS = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "in": lambda count, counts: count in counts,
}


class AftersalesService(models.Model):
    """What a service asks of people, and how many can serve it (F4)."""

    _inherit = "aftersales.service"

    aftersales_skill_need_ids = fields.One2many(
        "aftersales.skill.need",
        "service_id",
        string="Skills needed",
        copy=True,
        help="Tickets of this service go to people who have all these skills. None: "
        "everybody of the team can serve it.",
    )
    aftersales_skill_ids = fields.Many2many(
        "hr.skill", string="Skills", compute="_compute_aftersales_skill_ids"
    )
    aftersales_grade_id = fields.Many2one(
        "aftersales.grade",
        string="Lowest grade",
        check_company=True,
        ondelete="restrict",
        help="Only people of this grade or one behind it in the list of grades can "
        "serve it. Empty: any grade.",
    )
    aftersales_people_count = fields.Integer(
        string="People who can serve it",
        compute="_compute_aftersales_people_count",
        search="_search_aftersales_people_count",
    )
    aftersales_is_gap = fields.Boolean(
        string="Too few people",
        compute="_compute_aftersales_people_count",
        help="Fewer than two people can serve it: one who falls ill stops it.",
    )

    @api.depends("aftersales_skill_need_ids.skill_id")
    def _compute_aftersales_skill_ids(self):
        for service in self:
            service.aftersales_skill_ids = service.aftersales_skill_need_ids.skill_id

    @api.depends("aftersales_skill_need_ids", "aftersales_grade_id")
    def _compute_aftersales_people_count(self):
        counts = self._aftersales_people_counts(self.ids)
        for service in self:
            count = counts.get(service._origin.id, 0)
            service.aftersales_people_count = count
            service.aftersales_is_gap = count < ENOUGH_PEOPLE

    @api.model
    def _aftersales_people_counts(self, ids=None):
        # How many there are is no secret; the employees may be hidden from the reader.
        able = self.env["aftersales.competence"].sudo()
        companies = [*self.env.companies.ids, False]
        domain = [("can_serve", "=", True), ("company_id", "in", companies)]
        if ids is not None:
            domain.append(("service_id", "in", ids))
        groups = able._read_group(domain, ["service_id"], ["__count"])
        return {service.id: count for service, count in groups}

    def _search_aftersales_people_count(self, operator, value):
        compare = COMPARISONS.get(operator)
        if not compare:
            return NotImplemented
        counts = self._aftersales_people_counts()
        services = self.search([("active", "in", (True, False))])
        found = services.filtered(lambda s: compare(counts.get(s.id, 0), value))
        return [("id", "in", found.ids)]

    def action_aftersales_people(self):
        """Who can serve this service, and who cannot and why."""
        self.ensure_one()
        xmlid = "erp_aftersales.aftersales_competence_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("service_id", "=", self.id)]
        return action

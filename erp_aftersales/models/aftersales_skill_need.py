# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesSkillNeed(models.Model):
    """A skill that a service or a product area asks of who serves it (F4)."""

    _name = "aftersales.skill.need"
    _description = "Skill Needed"
    _order = "service_id, category_id, skill_type_id, skill_id, id"

    service_id = fields.Many2one(
        "aftersales.service", index="btree_not_null", ondelete="cascade"
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        string="Product area",
        index="btree_not_null",
        ondelete="cascade",
    )
    skill_type_id = fields.Many2one(
        related="skill_id.skill_type_id", store=True, string="Kind of skill"
    )
    skill_id = fields.Many2one(
        "hr.skill", required=True, index=True, ondelete="cascade"
    )
    skill_level_id = fields.Many2one(
        "hr.skill.level",
        string="At least",
        ondelete="cascade",
        domain="[('skill_type_id', '=', skill_type_id)]",
        help="Empty: any level does.",
    )

    _service_skill_uniq = models.UniqueIndex(
        "(service_id, skill_id) WHERE service_id IS NOT NULL",
        "A service asks for each skill once: change the level of the row that is "
        "there.",
    )
    _category_skill_uniq = models.UniqueIndex(
        "(category_id, skill_id) WHERE category_id IS NOT NULL",
        "A product area asks for each skill once: change the level of the row that is "
        "there.",
    )

    @api.depends("skill_id", "skill_level_id")
    def _compute_display_name(self):
        for need in self:
            names = need.skill_id.name, need.skill_level_id.name
            need.display_name = ": ".join(filter(None, names))

    @api.constrains("skill_id", "skill_level_id")
    def _check_level(self):
        for need in self:
            level = need.skill_level_id
            if level and level.skill_type_id != need.skill_id.skill_type_id:
                raise ValidationError(
                    self.env._(
                        "'%(level)s' is no level of the skill '%(skill)s': choose a "
                        "level of '%(type)s'.",
                        level=level.name,
                        skill=need.skill_id.name,
                        type=need.skill_id.skill_type_id.name,
                    )
                )

    @api.onchange("skill_id")
    def _onchange_skill_id(self):
        if self.skill_level_id.skill_type_id != self.skill_id.skill_type_id:
            self.skill_level_id = False

# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class AftersalesCompetence(models.Model):
    """Who can serve what: a row for each engineer and service (F4).

    Whether somebody can is decided here as the dispatcher does it (a test compares the
    two), so that it can be searched, grouped and counted.
    """

    _name = "aftersales.competence"
    _description = "Who Can Serve What"
    _auto = False
    _order = "service_id, can_serve desc, employee_id"
    _rec_name = "employee_id"
    _depends = {
        "aftersales.service": ["active", "aftersales_grade_id", "company_id"],
        "aftersales.grade": ["sequence"],
        "aftersales.skill.need": ["service_id", "skill_id", "skill_level_id"],
        "helpdesk.ticket.team": ["active", "user_ids"],
        "hr.employee": ["active", "company_id", "current_version_id", "user_id"],
        "hr.employee.skill": [
            "employee_id",
            "skill_id",
            "skill_level_id",
            "valid_from",
            "valid_to",
        ],
        "hr.resume.line": ["date_end", "date_start", "employee_id", "line_type_id"],
        "hr.resume.line.type": ["is_course"],
        "hr.skill.level": ["level_progress"],
        "hr.version": ["aftersales_grade_id"],
    }

    employee_id = fields.Many2one("hr.employee", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    service_id = fields.Many2one("aftersales.service", readonly=True)
    grade_id = fields.Many2one("aftersales.grade", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    can_serve = fields.Boolean(readonly=True)
    people = fields.Integer(
        readonly=True,
        help="Who can serve it: 1 for each, so that a sum counts them.",
    )
    lacking = fields.Integer(
        string="Skills lacking",
        readonly=True,
        help="Skills that are missing or below the level that is needed.",
    )
    last_training = fields.Date(
        readonly=True, help="End of the last course on the employee's resume."
    )
    skills = fields.Char(compute="_compute_sentences")
    why_not = fields.Char(compute="_compute_sentences")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY e.id, s.id) AS id,
                   e.id AS employee_id,
                   e.user_id,
                   e.company_id,
                   s.id AS service_id,
                   v.aftersales_grade_id AS grade_id,
                   training.day AS last_training,
                   need.lacking,
                   need.lacking = 0 AND grade.does AS can_serve,
                   CASE WHEN need.lacking = 0 AND grade.does THEN 1 ELSE 0 END
                        AS people
              FROM hr_employee e
              JOIN hr_version v ON v.id = e.current_version_id
              JOIN aftersales_service s
                ON s.active AND (s.company_id IS NULL OR s.company_id = e.company_id)
              LEFT JOIN aftersales_grade mine ON mine.id = v.aftersales_grade_id
              LEFT JOIN aftersales_grade lowest ON lowest.id = s.aftersales_grade_id
             CROSS JOIN LATERAL (
                   SELECT lowest.id IS NULL
                       OR COALESCE(mine.sequence >= lowest.sequence, FALSE) AS does
                   ) grade
             CROSS JOIN LATERAL (%(lacking)s) need
              LEFT JOIN LATERAL (%(training)s) training ON TRUE
             WHERE e.active AND (v.aftersales_grade_id IS NOT NULL OR e.user_id IN (
                   SELECT member.res_users_id
                     FROM helpdesk_ticket_team_res_users_rel member
                     JOIN helpdesk_ticket_team t
                       ON t.id = member.helpdesk_ticket_team_id AND t.active
                   ))
            """,
            lacking=self._lacking_query(),
            training=self._training_query(),
        )

    @api.model
    def _lacking_query(self):
        return SQL(
            """
            SELECT COUNT(*)::integer AS lacking
              FROM aftersales_skill_need n
              LEFT JOIN hr_skill_level least ON least.id = n.skill_level_id
             WHERE n.service_id = s.id AND NOT EXISTS (
                   SELECT 1
                     FROM hr_employee_skill k
                     JOIN hr_skill_level has ON has.id = k.skill_level_id
                    WHERE k.employee_id = e.id AND k.skill_id = n.skill_id
                      AND k.valid_from <= %(today)s
                      AND COALESCE(k.valid_to >= %(today)s, TRUE)
                      AND has.level_progress >= COALESCE(least.level_progress, 0)
                   )
            """,
            today=fields.Date.today(),
        )

    @api.model
    def _training_query(self):
        return SQL(
            """
            SELECT MAX(COALESCE(line.date_end, line.date_start)) AS day
              FROM hr_resume_line line
              JOIN hr_resume_line_type kind ON kind.id = line.line_type_id
             WHERE line.employee_id = e.id AND kind.is_course
            """
        )

    @api.depends_context("lang")
    @api.depends("employee_id", "service_id")
    def _compute_sentences(self):
        found = self.env["aftersales.dispatch"]._competence(self)
        for row in self:
            row.skills, row.why_not = found[row]

    def action_open_employee(self):
        """Open the person, to add a skill or a course."""
        self.ensure_one()
        return self.employee_id.get_formview_action()

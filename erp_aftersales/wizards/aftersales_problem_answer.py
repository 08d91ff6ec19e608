# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesProblemAnswer(models.TransientModel):
    """Close a problem, and tell all who reported it what was done (D6).

    All is done or nothing: a ticket that cannot be answered is named, and no other
    one is answered either.
    """

    _name = "aftersales.problem.answer"
    _description = "Answer the Tickets of a Problem"

    problem_id = fields.Many2one("aftersales.problem", required=True, readonly=True)
    ticket_count = fields.Integer(
        related="problem_id.open_ticket_count", string="Open tickets"
    )
    template_id = fields.Many2one(
        "mail.template",
        domain=[("model", "=", "aftersales.problem")],
        default=lambda self: self.env.ref(
            "erp_aftersales.mail_template_problem_answer", raise_if_not_found=False
        ),
        help="The text of the answer: cause, fix and release of the problem.",
    )
    in_their_language = fields.Boolean(
        string="Each customer in their language",
        default=True,
        help="The answer goes out as the template has it in the language of each "
        "customer. Off: what you write goes to all of them as it is.",
    )
    body = fields.Html(
        string="Answer", compute="_compute_body", store=True, readonly=False
    )
    stage_id = fields.Many2one(
        "helpdesk.ticket.stage",
        string="Then move them to",
        domain=[("closed", "=", True)],
        default=lambda self: self._default_stage_id(),
        help="Empty: the tickets stay where they are.",
    )

    def _default_stage_id(self):
        return self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", True), ("aftersales_not_charged", "=", False)], limit=1
        )

    @api.depends("template_id", "problem_id")
    def _compute_body(self):
        for wizard in self:
            if wizard.template_id and wizard.problem_id:
                wizard.body = wizard._rendered(self.env.lang)

    def _rendered(self, lang):
        """The answer as the template has it in a language."""
        problem = self.problem_id
        return self.template_id._render_field("body_html", problem.ids, set_lang=lang)[
            problem.id
        ]

    def action_confirm(self):
        """Close the problem, answer its open tickets, and move them if asked."""
        self.ensure_one()
        problem = self.problem_id
        problem.check_access("write")
        # Who may close the problem answers all its tickets, those of colleagues too.
        tickets = problem.sudo().ticket_ids._aftersales_open()
        self._check_stage(tickets)
        problem.state = "closed"
        for lang, asked in tickets.grouped(self._lang).items():
            body = self._rendered(lang) if self.in_their_language else self.body
            for ticket in asked:
                self._done(ticket, lambda one, body=body: self._answer(one, body))
        self._move(tickets)
        problem.message_post(
            body=self.env._(
                "Closed; answered: %(tickets)s",
                tickets=", ".join(tickets.mapped("number")) or self.env._("no ticket"),
            )
        )
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _lang(self, ticket):
        partner = ticket.partner_id
        return partner.lang or ticket.company_id.partner_id.lang or self.env.lang

    def _check_stage(self, tickets):
        """A stage of one team takes no tickets of another one."""
        teams = self.stage_id.team_ids
        strange = tickets.filtered(lambda ticket: teams and ticket.team_id not in teams)
        if strange:
            raise UserError(
                self.env._(
                    "Stage '%(stage)s' is not used by the team of ticket %(tickets)s: "
                    "choose another one, or none.",
                    stage=self.stage_id.name,
                    tickets=", ".join(strange.mapped("number")),
                )
            )

    @api.model
    def _answer(self, ticket, body):
        """Post the answer as the person who closes the problem; it ends L3's wait."""
        ticket.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=ticket.partner_id.ids,
            outgoing_email_to=(not ticket.partner_id and ticket.partner_email) or False,
        )

    def _move(self, tickets):
        """Close the tickets at once; if one refuses, find it by trying each."""
        stage = self.stage_id
        if not (stage and tickets):
            return
        try:
            with self.env.cr.savepoint():
                tickets.write({"stage_id": stage.id})
        except UserError:
            for ticket in tickets:
                self._done(ticket, lambda one: one.write({"stage_id": stage.id}))

    def _done(self, ticket, work):
        """Do it to a ticket; a refusal names the ticket, and undoes all."""
        try:
            work(ticket)
        except UserError as error:
            raise UserError(
                self.env._(
                    "Nothing was sent, because ticket %(ticket)s cannot be answered: "
                    "%(error)s Take it out of the problem, or mend it first.",
                    ticket=ticket.number,
                    error=error,
                )
            ) from error

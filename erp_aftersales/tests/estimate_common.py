# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from .work_common import WorkCommon


class EstimateCommon(WorkCommon):
    """Estimates are made, sent and answered by support, without rights on orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "ann@customer.example"
        cls.waiting = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")
        cls.waiting.aftersales_pauses = True

    def _estimate(self, ticket, *hours, grade=None, **vals):
        """The dialogue of an estimate, with a line for each number of hours."""
        form = self._form(self._mine(ticket).action_aftersales_estimate())
        form.partner_id = self.contact
        form.line_ids.remove(0)
        for number in hours:
            with form.line_ids.new() as line:
                line.name = "Part"
                line.service_id = ticket.service_id
                line.grade_id = grade or self.grade_senior
                line.hours = number
        for name, value in vals.items():
            setattr(form, name, value)
        return form

    def _made(self, ticket, *hours, **vals):
        self._estimate(ticket, *hours, **vals).save().action_make()
        return ticket.aftersales_estimate_id

    def _phone(self, ticket, accepts=True, note="On the phone at nine"):
        mine = self._mine(ticket)
        if accepts:
            form = self._form(mine.action_aftersales_estimate_accepted())
        else:
            form = self._form(mine.action_aftersales_estimate_declined())
        form.partner_id = self.contact
        form.note = note
        form.save().action_confirm()

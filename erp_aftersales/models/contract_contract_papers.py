# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class ContractContract(models.Model):
    """What a customer gets on paper: price list and contract (E2, C6)."""

    _inherit = "contract.contract"

    def action_aftersales_price_sheet(self):
        """Show what is included, what is left and what costs how much (E2)."""
        self.ensure_one()
        self.action_aftersales_rate()
        sheet = self.env["aftersales.price.list"].create({"contract_id": self.id})
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_price_list_action"
        )
        return action | {
            "res_id": sheet.id,
            "name": self.env._("Price list of %s", self.display_name),
        }

    def action_aftersales_own_compared(self):
        """Show the own terms beside the plan's, with the past year's money (C7)."""
        self.ensure_one()
        sheet = self.env["aftersales.own.compared"].create({"contract_id": self.id})
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_own_compared_action"
        )
        return action | {
            "res_id": sheet.id,
            "name": self.env._("%s: own terms beside the plan", self.display_name),
        }

    def action_aftersales_contract_document(self):
        """Print the contract to sign, in the customer's language (C6)."""
        report = self.env.ref("erp_aftersales.action_report_contract")
        return report.report_action(self, config=False)

    def _aftersales_pdf(self):
        """Name and content of the contract to sign (C6)."""
        self.ensure_one()
        # sudo: who sells a plan hands out its contract, and may see no contracts
        report = self.env["ir.actions.report"].sudo()
        content, kind = report._render_qweb_pdf(
            "erp_aftersales.action_report_contract", self.ids
        )
        return (
            f"{self.env._('Contract')} {self._aftersales_paper_name()}.{kind}",
            content,
        )

    def action_contract_send(self):
        """Send a plan's contract as it is to be signed, not OCA's list of lines."""
        action = super().action_contract_send()
        template = self.env.ref(
            "erp_aftersales.mail_template_contract", raise_if_not_found=False
        )
        if self.aftersales_plan_id and template:
            action["context"] |= {
                "default_use_template": True,
                "default_template_id": template.id,
            }
        return action

    def _check_aftersales_plan(self, report):
        """Refuse to print what only contracts under a plan have.

        :param report: xmlid of the report
        """
        for contract in self.filtered(lambda each: not each.aftersales_plan_id):
            raise UserError(
                self.env._(
                    "Contract %(contract)s has no after-sales plan, which the paper "
                    "'%(paper)s' is about. Choose a plan for it, or print another "
                    "paper.",
                    contract=contract.display_name,
                    paper=self.env.ref(report).sudo().name,
                )
            )

    def _aftersales_paper_name(self):
        """Number and name for the name of a file."""
        self.ensure_one()
        names = filter(None, (self.code, self.name))
        return " ".join(names).replace("/", "-")

# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_release import RELEASE_KINDS


class AftersalesUpgrade(models.Model):
    """A customer's wish for another release, and what it costs (A3, D4).

    Until it is quoted or agreed the cost is what the plan's rule gives now; from then
    on it stands.
    """

    _name = "aftersales.upgrade"
    _description = "Upgrade of an Installation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "requested_on desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('aftersales_plan_id', '!=', False)]",
        help="Its plan says what the upgrade costs.",
    )
    installation_id = fields.Many2one(
        "aftersales.installation",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        compute="_compute_installation_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="What is upgraded.",
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", string="Customer's company"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(
        related="contract_id.aftersales_plan_id.currency_id", store=True
    )
    release_from_id = fields.Many2one(
        "aftersales.release",
        string="From",
        ondelete="restrict",
        compute="_compute_release_from_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="The release that is installed.",
    )
    release_id = fields.Many2one(
        "aftersales.release",
        string="To",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The release that is installed once the upgrade is done.",
    )
    kind = fields.Selection(
        RELEASE_KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Of the largest release on the way: the plan's rule for it counts.",
    )
    requested_by_id = fields.Many2one(
        "res.partner",
        string="Requested by",
        default=lambda self: self.env.user.partner_id,
        ondelete="restrict",
        help="The customer's contact, or who writes it down.",
    )
    requested_on = fields.Date(
        string="Requested on",
        required=True,
        default=fields.Date.context_today,
        help="The plan in force on this day counts.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Sees to it that the upgrade is done.",
    )
    date_done = fields.Date(string="Done on", readonly=True, copy=False)
    note = fields.Html(translate=True, help="What to watch: interfaces, time windows.")
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("quoted", "Quoted"),
            ("agreed", "Agreed"),
            ("in_progress", "In progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="requested",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Its confirmation agrees to the upgrade.",
    )
    amount = fields.Monetary(
        string="Costs",
        compute="_compute_cost",
        help="Before tax, as the plan's rule says or as it was agreed.",
    )
    is_priced = fields.Boolean(
        compute="_compute_cost", help="Whether anybody can tell what it costs."
    )
    cost_text = fields.Char(
        string="What it costs",
        compute="_compute_cost",
        help="The plan's rule, what is used of it, and the amount.",
    )
    agreed_amount = fields.Monetary(
        string="Agreed amount",
        readonly=True,
        copy=False,
        help="Before tax, from the moment it is quoted or agreed.",
    )
    agreed_terms = fields.Json(readonly=True, copy=False)
    takes_included = fields.Boolean(
        string="Included one",
        readonly=True,
        copy=False,
        help="It is one of the upgrades that the plan includes.",
    )

    _sale_order_uniq = models.Constraint(
        "UNIQUE (sale_order_id)",
        "This quotation is for another upgrade already: make one for each of them.",
    )

    @api.depends("contract_id")
    def _compute_installation_id(self):
        """The only installation of the contract, if it has just one."""
        for upgrade in self:
            served = upgrade.contract_id.installation_ids
            if upgrade.installation_id not in served:
                upgrade.installation_id = served if len(served) == 1 else False

    @api.depends("installation_id")
    def _compute_release_from_id(self):
        for upgrade in self:
            upgrade.release_from_id = upgrade.installation_id.release_id

    @api.depends("release_from_id", "release_id")
    def _compute_kind(self):
        costs = self.env["aftersales.upgrade.cost"]
        known = self.env["aftersales.release"].search([("date", "!=", False)])
        for upgrade in self:
            steps = upgrade.release_id
            if steps:
                steps = steps._steps_from(upgrade.release_from_id, known)
            upgrade.kind = costs._kind(steps)

    @api.depends("installation_id", "release_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for upgrade in self:
            upgrade.display_name = self.env._(
                "%(installation)s: %(release)s",
                installation=upgrade.installation_id.display_name or "",
                release=upgrade.release_id.display_name or "",
            )

    @api.depends(
        "contract_id",
        "installation_id",
        "installation_id.metric_ids.value",
        "kind",
        "requested_on",
        "state",
        "agreed_terms",
        "agreed_amount",
    )
    @api.depends_context("lang")
    def _compute_cost(self):
        words = self.env["aftersales.upgrade.cost"]
        fixed = self.filtered("agreed_terms")
        for upgrade in fixed:
            terms = dict(upgrade.agreed_terms)
            code, told = terms.pop("code"), terms.pop("amount")
            upgrade.amount = upgrade.agreed_amount
            upgrade.is_priced = True
            text = words._sentence(upgrade, code, told and Decimal(told), terms)
            upgrade.cost_text = upgrade._with_agreed(text, told)
        for upgrade, cost in words._costs(self - fixed).items():
            upgrade.amount = float(cost.amount or 0)
            upgrade.is_priced = cost.amount is not None
            is_asked = upgrade.kind and upgrade.contract_id
            upgrade.cost_text = is_asked and words._sentence(
                upgrade, cost.code, cost.amount, cost.args
            )

    def _with_agreed(self, text, told):
        """The sentence, and the quotation's amount where that is another one."""
        self.ensure_one()
        currency = self.currency_id
        if told is not None and not currency.compare_amounts(
            float(told), self.agreed_amount
        ):
            return text
        return self.env._(
            "%(text)s Agreed on: %(amount)s.",
            text=text,
            amount=currency.format(self.agreed_amount),
        )

    @api.constrains("contract_id", "installation_id")
    def _check_installation(self):
        for upgrade in self:
            customer = upgrade.contract_id.commercial_partner_id
            if upgrade.installation_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "The installation '%(installation)s' is not one of "
                        "%(customer)s, whose contract is '%(contract)s'. Choose an "
                        "installation and a contract of the same customer.",
                        installation=upgrade.installation_id.display_name,
                        customer=customer.display_name,
                        contract=upgrade.contract_id.display_name,
                    )
                )

    @api.constrains("contract_id", "sale_order_id")
    def _check_order(self):
        # sudo: whoever links the order was asked whether they may read it
        for upgrade, order in [(each, each.sudo().sale_order_id) for each in self]:
            if order and not order._aftersales_fits(upgrade.contract_id):
                raise ValidationError(
                    self.env._(
                        "The quotation %(order)s is not one of %(customer)s in the "
                        "company of the contract '%(contract)s'. Choose a quotation "
                        "of the contract's customer.",
                        order=order.name,
                        customer=upgrade.contract_id.commercial_partner_id.name,
                        contract=upgrade.contract_id.display_name,
                    )
                )

    @api.constrains("release_from_id", "release_id")
    def _check_releases(self):
        for upgrade in self:
            old, new = upgrade.release_from_id, upgrade.release_id
            is_older = old.date and new.date and new.date < old.date
            if old == new or is_older:
                raise ValidationError(
                    self.env._(
                        "'%(new)s' is not newer than '%(old)s', which is installed at "
                        "'%(installation)s'. Choose a later release.",
                        new=new.display_name,
                        old=old.display_name,
                        installation=upgrade.installation_id.display_name,
                    )
                )

    @api.model
    def _open_with(self, **values):
        """The action that opens the upgrades with these values, new ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "erp_aftersales.aftersales_upgrade_action"
        )
        action["domain"] = [(name, "=", value) for name, value in values.items()]
        action["context"] = {f"default_{name}": value for name, value in values.items()}
        return action
